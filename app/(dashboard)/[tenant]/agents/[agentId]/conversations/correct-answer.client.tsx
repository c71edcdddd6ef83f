"use client";

import { PencilLine } from "lucide-react";
import { useState } from "react";
import { CorrectDialog } from "@/components/correct-dialog";
import { Button } from "@/components/ui/button";
import type { Correction } from "@/lib/inbox/schema";
import { correctAnswer } from "./actions";

/** Opens what an answer should have been. */
export function CorrectAnswer({
  tenant,
  agentId,
  messageId,
  initial,
  label = "Correct",
}: {
  tenant: string;
  agentId: string;
  messageId: string;
  initial: Correction;
  label?: string;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="ghost" size="sm" onClick={() => setOpen(true)}>
        <PencilLine />
        {label}
      </Button>
      {open && (
        <CorrectDialog
          open
          onOpenChange={setOpen}
          title={label === "Correct" ? undefined : label}
          initial={initial}
          run={(correction) => correctAnswer(tenant, { agentId, messageId, ...correction })}
        />
      )}
    </>
  );
}
