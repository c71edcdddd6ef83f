"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { DeleteAgent } from "../../../agent-actions.client";

export function DangerZone(props: { tenant: string; agentId: string; name: string; pages: number }) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  return (
    <section
      aria-labelledby="danger"
      className="flex flex-wrap items-center justify-between gap-4 rounded-lg border border-line p-4 lg:max-w-[640px]"
    >
      <div className="grid min-w-0 flex-1 basis-60">
        <h2 id="danger" className="font-semibold">
          Delete this agent
        </h2>
        <p className="text-ink-muted">With its sources, what it has read, and its conversations.</p>
      </div>
      <Button onClick={() => setOpen(true)} className="text-danger">
        Delete agent
      </Button>
      <DeleteAgent {...props} open={open} onOpenChange={setOpen} onDone={() => router.replace(`/${props.tenant}`)} />
    </section>
  );
}
