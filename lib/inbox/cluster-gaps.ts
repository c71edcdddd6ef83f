import { z } from "zod";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { call, type Db, json } from "@/lib/db/pool";
import { embeddingKey, retrieve } from "@/lib/knowledge";
import type { Gateway } from "@/lib/llm";
import type { Queues } from "@/lib/queue";
import type { AgentRef } from "./deps";
import { clusterGapsJob } from "./jobs";
import { type Compared, mostSame } from "./same-question";

interface GapDeps {
  db: Db;
  gateway: Gateway;
}

const Claim = z
  .object({
    language: z.string(),
    /** Of the agent's live index; null while it knows nothing. */
    model: z.string().nullable(),
    questions: z.array(z.object({ messageId: z.uuid(), question: z.string() })),
    gaps: z.array(z.object({ id: z.uuid(), title: z.string(), model: z.string(), embedding: z.array(z.number()) })),
  })
  .nullable();
type Claimed = NonNullable<z.infer<typeof Claim>>;

/** A row of service.place_gap_questions. */
interface Gap {
  id: string;
  title: string;
  /** The answer to the question that names it. */
  messageId?: string;
  model: string;
  embedding: number[];
  nearPageId?: string;
  nearSourceId?: string;
  nearTitle?: string;
  nearConfidence?: number;
}

const MAX_TITLE_LENGTH = 500;
const NO_TEXT = "(no text)";

/**
 * Puts questions that were not answered well to the gap that asks the same, or makes a new one of them: one after the other, in the order in which
 * they were asked, so that the same questions always make the same gaps. Gaps are compared by their first question and never by what joined
 * them, so that they do not drift. Who is killed in between has written nothing; the lease ends, and the sweep finds the rest.
 */
export async function clusterGaps(deps: GapDeps, ref: AgentRef, signal: AbortSignal): Promise<undefined> {
  const owner = { tenant_id: ref.tenantId, agent_id: ref.agentId, lease: newId() };
  while (!signal.aborted) {
    const claim = Claim.parse(await call(deps.db, "claim_gaps", owner));
    if (!claim) return;
    const { gaps, questions } = await compare(deps, ref, claim, signal);
    const isPlaced = await call<boolean>(deps.db, "place_gap_questions", {
      ...owner,
      gaps: json(gaps),
      questions: json(questions),
    });
    if (!isPlaced) return;
    log.info({ event: "inbox.gaps_placed", ...ref, questions: questions.length, gaps: gaps.length });
  }
}

async function compare(
  deps: GapDeps,
  ref: AgentRef,
  claim: Claimed,
  signal: AbortSignal,
): Promise<{ gaps: Gap[]; questions: { messageId: string; gapId: string }[] }> {
  const info = (claim.model && deps.gateway.embeddingModelInfo(claim.model)) || deps.gateway.embeddingModel;
  const model = embeddingKey(info);
  const meta = { ...ref, step: "embed_gaps" as const };
  // The agent has another model than when these were made.
  const old = claim.gaps.filter((gap) => gap.model !== model);
  const texts = [...claim.questions.map(({ question }) => question), ...old.map(({ title }) => title)];
  const { vectors } = await deps.gateway.embed({ texts, model, signal, meta });
  const embeddingAt = (i: number): number[] => [...(vectors[i] ?? [])];
  const renewed = old.map((gap, i) => ({ ...gap, model, embedding: embeddingAt(claim.questions.length + i) }));
  const changed = new Map<string, Gap>(renewed.map((gap) => [gap.id, gap]));
  const known: (Compared & { id: string })[] = claim.gaps.map((gap) => ({
    id: gap.id,
    text: gap.title,
    embedding: (changed.get(gap.id) ?? gap).embedding,
  }));
  const placed: { messageId: string; gapId: string }[] = [];
  for (const [i, { messageId, question }] of claim.questions.entries()) {
    const asked = { text: question, embedding: embeddingAt(i) };
    let gap = mostSame(asked, known, { language: claim.language, isLocal: info.isLocal });
    if (!gap) {
      const title = question.replace(/\s+/g, " ").trim().slice(0, MAX_TITLE_LENGTH) || NO_TEXT;
      gap = { id: newId(), ...asked };
      known.push(gap);
      changed.set(gap.id, {
        id: gap.id,
        title,
        messageId,
        model,
        embedding: asked.embedding,
        ...(await nearest(deps, ref, claim, title, signal)),
      });
    }
    placed.push({ messageId, gapId: gap.id });
  }
  return { gaps: [...changed.values()], questions: placed };
}

/** What came nearest to an answer. */
async function nearest(
  deps: GapDeps,
  ref: AgentRef,
  { language, model }: Claimed,
  question: string,
  signal: AbortSignal,
): Promise<Pick<Gap, "nearPageId" | "nearSourceId" | "nearTitle" | "nearConfidence">> {
  const { chunks, confidence } = await retrieve(deps, { ...ref, question, language, embeddingModel: model, signal });
  const best = chunks[0];
  if (!best) return {};
  return {
    nearPageId: best.pageId,
    nearSourceId: best.sourceId,
    nearTitle: best.title || best.url,
    nearConfidence: confidence,
  };
}

const Work = z.array(z.object({ tenantId: z.uuid(), agentId: z.uuid(), nudge: z.number() }));

/** Has questions compared that nobody has compared yet. Returns how many nudges it gave. */
export async function sweepGaps(
  deps: { db: Db; queues: Pick<Queues, "add"> },
  { idleMs = 30_000 } = {},
): Promise<number> {
  const work = Work.parse(await call(deps.db, "sweep_gaps", { idle: `${idleMs} milliseconds` }));
  for (const { nudge, ...payload } of work) await deps.queues.add(clusterGapsJob, payload, { nudge });
  if (work.length > 0) log.info({ event: "inbox.gaps_swept", nudges: work.length });
  return work.length;
}
