"use client";

import { FileUp, Lightbulb, Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { plural } from "@/components/ui/number";
import { useAction } from "@/components/use-action";
import { addQuestion } from "../actions";
import { ImportQuestions } from "./import-questions.client";
import { ProposeQuestions } from "./propose-questions.client";
import { QuestionForm } from "./question-form";

type Way = "write" | "import" | "propose";

/** The three ways that questions come into a set. */
export function AddQuestions({ tenant, agentId, setId }: { tenant: string; agentId: string; setId: string }) {
  const [way, setWay] = useState<Way | null>(null);
  const done = ({ added, duplicates }: { added: number; duplicates: number }) => {
    setWay(null);
    toast.success(
      `${plural(added, "question")} added${duplicates > 0 ? `; ${plural(duplicates, "duplicate")} left out` : ""}`,
    );
  };
  const write = useAction(addQuestion, { onSuccess: done });
  const close = (open: boolean) => !open && setWay(null);
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" onClick={() => setWay("write")}>
        <Plus />
        Write
      </Button>
      <Button size="sm" onClick={() => setWay("import")}>
        <FileUp />
        Import
      </Button>
      <Button size="sm" onClick={() => setWay("propose")}>
        <Lightbulb />
        Propose
      </Button>
      <Dialog open={way === "write"} onOpenChange={close} title="Write a question">
        <div className="overflow-y-auto p-5">
          <QuestionForm
            submitLabel="Add question"
            pending={write.pending}
            failure={write.failure}
            onSubmit={(question) => write.submit(tenant, { setId, question })}
          />
        </div>
      </Dialog>
      <Dialog open={way === "import"} onOpenChange={close} title="Import questions">
        <ImportQuestions tenant={tenant} setId={setId} onDone={done} />
      </Dialog>
      <Dialog open={way === "propose"} onOpenChange={close} title="Propose questions" className="max-w-[640px]">
        <ProposeQuestions tenant={tenant} agentId={agentId} setId={setId} onDone={done} />
      </Dialog>
    </div>
  );
}
