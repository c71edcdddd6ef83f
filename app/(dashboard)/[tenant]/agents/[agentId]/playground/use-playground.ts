"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { v7 } from "uuid";
import type { AnswerStatus, Citation, Cut, Trace } from "@/lib/chat/schema";
import type { SearchFilters } from "@/lib/knowledge/schema";
import { AskError, type AskFailure, ask, type Subject } from "./ask";

export type Turn = {
  id: string;
  /** null until the answer has ended. */
  answerId: string | null;
  question: string;
  text: string;
  citations: Citation[];
  trace: Trace | null;
  status: "streaming" | AnswerStatus | "failed";
  failure: AskFailure | null;
  /** The limit that ended the answer. */
  cut: Cut | null;
};

/** A conversation with an agent, kept while the page is open. */
export function usePlayground(agentId: string, subject: Subject, filters: SearchFilters | null) {
  const [turns, setTurns] = useState<Turn[]>([]);
  const conversationId = useRef("");
  const running = useRef<AbortController | null>(null);
  const busy = turns.at(-1)?.status === "streaming";

  const update = useCallback(
    (id: string, change: (turn: Turn) => Partial<Turn>) =>
      setTurns((all) => all.map((turn) => (turn.id === id ? { ...turn, ...change(turn) } : turn))),
    [],
  );

  const send = useCallback(
    async (question: string) => {
      if (running.current) return;
      const control = new AbortController();
      running.current = control;
      conversationId.current ||= v7();
      const id = v7();
      setTurns((all) => [
        // A question that failed gives way to the next one.
        ...all.filter((turn) => turn.status !== "failed"),
        {
          id,
          answerId: null,
          question,
          text: "",
          citations: [],
          trace: null,
          status: "streaming",
          failure: null,
          cut: null,
        },
      ]);
      try {
        await ask(
          agentId,
          { conversationId: conversationId.current, messageId: id, text: question, filters, ...subject },
          control.signal,
          (event) =>
            update(id, (turn) => {
              if (event.event === "delta") return { text: turn.text + event.text };
              if (event.event === "citations") return { citations: event.citations };
              if (event.event === "trace") return { trace: event.trace };
              return { answerId: event.answerId, status: event.status, cut: event.cut };
            }),
        );
      } catch (error) {
        if (control.signal.aborted) update(id, () => ({ status: "stopped" }));
        else {
          const failure =
            error instanceof AskError
              ? error.failure
              : { code: "internal", message: "The answer could not be read. Try again in a moment." };
          update(id, () => ({ status: "failed", failure }));
        }
      } finally {
        if (running.current === control) running.current = null;
      }
    },
    [agentId, subject, filters, update],
  );

  const stop = useCallback(() => running.current?.abort(), []);
  const restart = useCallback(() => {
    running.current?.abort();
    running.current = null;
    conversationId.current = "";
    setTurns([]);
  }, []);
  useEffect(() => () => running.current?.abort(), []);

  return { turns, busy, send, stop, restart };
}
