"use client";

import { ArrowUp, PanelRight, RotateCcw, Square } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { type FormEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { withoutCitations } from "@/components/link-citations";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Sheet } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { Tooltip } from "@/components/ui/tooltip";
import type { Agent } from "@/lib/agents/schema";
import { MAX_QUESTION_LENGTH } from "@/lib/chat/schema";
import type { SearchFilters } from "@/lib/knowledge/schema";
import { CorrectAnswer } from "../conversations/correct-answer.client";
import type { Subject } from "./ask";
import { type Places, SearchIn } from "./search-in";
import { SubjectBar, subjectName, type VersionChoice } from "./subject-bar";
import { TracePanel } from "./trace-panel";
import { Exchange } from "./turn-view";
import { usePlayground } from "./use-playground";

/** Ask an agent what visitors ask, and see what its answers are made of. */
export function Playground({
  agent,
  versions,
  models,
  version,
  places,
  ask,
  pages,
  sourcesHref,
  corrector,
}: {
  agent: Agent;
  versions: VersionChoice[];
  /** What may be tried in place of a version's own model. */
  models: string[];
  /** That is tried first. */
  version: string;
  places: Places;
  /** A question from the overview, asked at once. */
  ask: string | null;
  pages: number;
  sourcesHref: string;
  /** The workspace of a member who may correct answers; null for others. */
  corrector: string | null;
}) {
  const [subjects, setSubjects] = useState<Subject[]>([{ versionId: version, model: null }]);
  const [filters, setFilters] = useState<SearchFilters | null>(null);
  const [first, second] = subjects;
  const left = usePlayground(agent.id, first!, filters);
  const right = usePlayground(agent.id, second ?? first!, filters);
  const { turns } = left;
  const isComparing = second !== undefined;
  const busy = left.busy || right.busy;
  const send = useCallback(
    (text: string) => {
      left.send(text);
      if (isComparing) right.send(text);
    },
    [left.send, right.send, isComparing],
  );
  const stop = () => {
    left.stop();
    right.stop();
  };
  const restart = () => {
    left.restart();
    right.restart();
  };
  const choose = (next: Subject[]) => {
    restart();
    setSubjects(next);
  };
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [sheet, setSheet] = useState(false);
  const router = useRouter();
  const path = usePathname();
  const list = useRef<HTMLDivElement>(null);
  const asked = useRef(false);
  const selected = [...turns, ...right.turns].find(({ id }) => id === selectedId) ?? turns.at(-1) ?? null;
  const last = turns.at(-1);

  useEffect(() => {
    if (!ask || asked.current) return;
    asked.current = true;
    send(ask.slice(0, MAX_QUESTION_LENGTH));
    router.replace(path); // a reload must not ask again
  }, [ask, send, router, path]);

  const length = (last?.text.length ?? 0) + turns.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the text as it grows
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const nearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 240;
    if (nearEnd || last?.text === "") element.scrollTop = element.scrollHeight;
  }, [length]);

  return (
    <div className="flex h-[calc(100dvh-136px)] min-h-[420px] min-w-0 flex-none md:h-[calc(100dvh-88px)]">
      <section aria-label="Conversation" className="flex min-w-0 flex-1 flex-col">
        <h1 className="sr-only">Playground</h1>
        <SubjectBar subjects={subjects} versions={versions} models={models} onChange={choose}>
          <SearchIn places={places} filters={filters} onChange={setFilters} />
        </SubjectBar>
        <div ref={list} className="flex-1 overflow-y-auto">
          <div
            className={cn(
              "mx-auto grid w-full gap-8 px-4 py-6 sm:px-6",
              isComparing ? "max-w-[1160px]" : "max-w-[720px]",
            )}
          >
            {turns.length === 0 && <Start agent={agent} pages={pages} sourcesHref={sourcesHref} onAsk={send} />}
            {turns.map((turn, index) => (
              <Exchange
                key={turn.id}
                turn={turn}
                other={isComparing ? right.turns[index] : undefined}
                names={subjects.map((subject) => subjectName(subject, versions))}
                selectedId={turns.length > 1 || isComparing ? selected?.id : undefined}
                onSelect={({ id }) => {
                  setSelectedId(id);
                  if (isComparing || window.matchMedia("(width < 1024px)").matches) setSheet(true);
                }}
                onRetry={() => send(turn.question)}
                actions={(answered) =>
                  corrector &&
                  answered.answerId && (
                    <CorrectAnswer
                      tenant={corrector}
                      agentId={agent.id}
                      messageId={answered.answerId}
                      initial={{
                        question: answered.question.slice(0, 500),
                        answer: answered.status === "complete" ? withoutCitations(answered.text).slice(0, 4_000) : "",
                      }}
                    />
                  )
                }
              />
            ))}
          </div>
        </div>
        <Composer
          busy={busy}
          onSend={(text) => {
            setSelectedId(null);
            send(text);
          }}
          onStop={stop}
          tools={
            <>
              <Tooltip content="New conversation" side="top">
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label="New conversation"
                  onClick={restart}
                  disabled={turns.length === 0}
                >
                  <RotateCcw />
                </Button>
              </Tooltip>
              <Button
                variant="ghost"
                size="icon"
                aria-label="Show how the answer came about"
                className="lg:hidden"
                onClick={() => setSheet(true)}
              >
                <PanelRight />
              </Button>
            </>
          }
        />
      </section>
      <aside
        aria-label="How the answer came about"
        className={cn("hidden w-[380px] shrink-0 overflow-y-auto border-l border-line", !isComparing && "lg:block")}
      >
        <TracePanel turn={selected} threshold={agent.published.settings.confidenceThreshold} places={places} />
      </aside>
      <Sheet open={sheet} onOpenChange={setSheet} title="How the answer came about">
        <TracePanel turn={selected} threshold={agent.published.settings.confidenceThreshold} places={places} untitled />
      </Sheet>
    </div>
  );
}

function Start({
  agent,
  pages,
  sourcesHref,
  onAsk,
}: {
  agent: Agent;
  pages: number;
  sourcesHref: string;
  onAsk: (question: string) => void;
}) {
  return (
    <div className="grid gap-4 pt-6">
      {pages === 0 && (
        <Notice
          kind="warning"
          title="The agent has read nothing yet"
          action={
            <Button asChild size="sm">
              <Link href={sourcesHref}>Go to sources</Link>
            </Button>
          }
        >
          Until its first page is published it can only say that it does not know.
        </Notice>
      )}
      <div className="grid gap-1">
        <p className="text-base font-medium" dir="auto">
          {agent.published.settings.welcomeMessage || `Ask ${agent.name} anything`}
        </p>
        <p className="text-ink-muted">
          This is what your visitors get. Beside it you see the passages each answer was made from.
        </p>
      </div>
      {agent.published.settings.suggestedQuestions.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {agent.published.settings.suggestedQuestions.map((question) => (
            <Button
              key={question}
              onClick={() => onAsk(question)}
              className="h-auto min-h-8 max-w-full py-1.5 text-left whitespace-normal"
            >
              <bdi>{question}</bdi>
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

function Composer({
  busy,
  onSend,
  onStop,
  tools,
}: {
  busy: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
  tools: React.ReactNode;
}) {
  const [text, setText] = useState("");
  const ready = text.trim().length > 0 && !busy;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    onSend(text.trim());
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  };
  const left = MAX_QUESTION_LENGTH - text.length;
  return (
    <form onSubmit={submit} className="mx-auto w-full max-w-[720px] px-4 pb-4 sm:px-6">
      <div className="rounded-lg border border-line-strong bg-surface transition-colors focus-within:border-accent-ink">
        <textarea
          aria-label="Question"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          maxLength={MAX_QUESTION_LENGTH}
          rows={1}
          dir="auto"
          placeholder="Ask a question"
          className="field-sizing-content max-h-40 min-h-10 w-full resize-none bg-transparent px-3 pt-2.5 text-base outline-none placeholder:text-ink-subtle max-sm:text-md"
        />
        <div className="flex items-center gap-1 p-1.5">
          {tools}
          <span
            className={cn("ml-auto px-2 text-xs tabular-nums", left > 0 ? "text-ink-subtle" : "text-danger")}
            aria-live="polite"
          >
            {left < 200 ? `${left} characters left` : ""}
          </span>
          {busy ? (
            <Button size="icon" aria-label="Stop" onClick={onStop}>
              <Square className="fill-current" />
            </Button>
          ) : (
            <Button type="submit" variant="primary" size="icon" aria-label="Ask" disabled={!ready}>
              <ArrowUp />
            </Button>
          )}
        </div>
      </div>
    </form>
  );
}
