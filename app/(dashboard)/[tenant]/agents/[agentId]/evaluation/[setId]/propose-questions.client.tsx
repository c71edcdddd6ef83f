"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { plural } from "@/components/ui/number";
import { useAction } from "@/components/use-action";
import type { TestQuestion } from "@/lib/evaluation/schema";
import { addProposals, proposeQuestions } from "../actions";

type From = "knowledge" | "conversation";

export function ProposeQuestions({
  tenant,
  agentId,
  setId,
  onDone,
}: {
  tenant: string;
  agentId: string;
  setId: string;
  onDone: (result: { added: number; duplicates: number }) => void;
}) {
  const [from, setFrom] = useState<From>("knowledge");
  const [proposals, setProposals] = useState<TestQuestion[] | null>(null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const propose = useAction(proposeQuestions, { onSuccess: setProposals });
  const add = useAction(addProposals, { onSuccess: onDone });
  const failure = propose.failure ?? add.failure;
  const ask = (next: From) => {
    setFrom(next);
    setProposals(null);
    setLeft(new Set());
    propose.submit(tenant, { agentId, setId, from: next });
  };
  const toggle = (question: string) => {
    const next = new Set(left);
    if (!next.delete(question)) next.add(question);
    setLeft(next);
  };
  const kept = (proposals ?? []).filter(({ question }) => !left.has(question));
  return (
    <div className="grid min-h-0 gap-4 overflow-y-auto p-5">
      <div className="flex flex-wrap gap-2">
        <Button pending={propose.pending && from === "knowledge"} onClick={() => ask("knowledge")}>
          From the knowledge
        </Button>
        <Button pending={propose.pending && from === "conversation"} onClick={() => ask("conversation")}>
          From conversations
        </Button>
      </div>
      {failure && <Notice kind={failure.code === "not_found" ? "info" : "danger"}>{failure.message}</Notice>}
      {!proposals && !failure && (
        <p className="text-sm text-ink-muted">
          Headings and written questions become test questions that expect their page. Conversations give what visitors
          asked, and the pages that were cited.
        </p>
      )}
      {proposals && !propose.pending && (
        <>
          <ul aria-label="Proposals" className="grid divide-y divide-line rounded-lg border border-line">
            {proposals.map(({ question, expectedSources }) => (
              <li key={question}>
                <label className="flex gap-2.5 px-3 py-2 text-sm">
                  <input
                    type="checkbox"
                    className="mt-0.5 size-4 shrink-0 accent-accent"
                    checked={!left.has(question)}
                    onChange={() => toggle(question)}
                  />
                  <span className="grid min-w-0">
                    <span className="break-words" dir="auto">
                      {question}
                    </span>
                    <span className="text-xs break-all text-ink-muted">
                      {expectedSources.join(", ").replace(/https?:\/\//g, "") || "Expects no source"}
                    </span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
          <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end border-t border-line bg-raised px-5 py-3">
            <Button
              variant="primary"
              disabled={kept.length === 0}
              pending={add.pending}
              onClick={() => add.submit(tenant, { setId, from, questions: kept })}
            >
              Add {plural(kept.length, "question")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
