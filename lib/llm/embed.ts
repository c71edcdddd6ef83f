import type { EmbeddingModelV4 } from "@ai-sdk/provider";
import { AppError } from "@/lib/core/errors";
import { estimateTokens } from "@/lib/core/text/tokens";
import { type embeddingModelEntry, inputCostMicroUsd } from "./catalog";
import { BadReply, toFailure } from "./errors";
import { Meter, type OnCall, outcomeOf } from "./meter";
import { pauseMs, Stopper } from "./retry";
import type { EmbedInput, EmbedResult, Limits, ModelRef } from "./types";

type Entry = ReturnType<typeof embeddingModelEntry>;
type Deps = {
  ref: ModelRef;
  entry: Entry;
  loadModel: () => Promise<EmbeddingModelV4>;
  limits: Limits;
  onCall: OnCall;
};
type Batch = { start: number; texts: string[]; tokens: number };

const CONCURRENCY = 2;
/** How often a refused text is halved before it is left without a vector, and how short it may become. */
const MAX_CUTS = 4;
const SHORTEST_CUT = 200;
const HARMLESS = "help";
/** A visitor is waiting for it. */
const QUERY_TIMEOUT_MS = 5_000;

/**
 * Vectors for texts, in their order: split by the provider's limits, two requests at a time, each tried up to three times.
 * All or nothing but for texts that the model refuses by themselves: those have no vector, the rest of their batch does. One record for the
 * whole call. Texts above the model's limit are cut, because providers refuse them.
 * @throws AppError "model_misconfigured", "upstream_busy", "upstream_failed", "timeout", "aborted", "content_too_large"
 */
export async function embedTexts(deps: Deps, input: EmbedInput): Promise<EmbedResult> {
  const { ref, entry, limits } = deps;
  if (input.texts.length === 0) {
    return {
      model: ref,
      dimensions: entry.dimensions ?? 0,
      vectors: [],
      usage: { inputTokens: 0, estimated: false, costMicroUsd: 0 },
    };
  }
  const meter = new Meter(input.meta, ref, deps.onCall);
  const stopper = new Stopper();
  const onAbort = () => stopper.stop(new AppError("aborted", "The embedding was stopped."));
  const timeoutMs = input.meta.step === "embed_query" ? Math.min(QUERY_TIMEOUT_MS, limits.embedMs) : limits.embedMs;
  const name = `${ref.provider}/${ref.id}`;
  const timer = setTimeout(() => stopper.stop(new AppError("timeout", `${name} took too long to embed.`)), timeoutMs);
  if (input.signal?.aborted) onAbort();
  input.signal?.addEventListener("abort", onAbort, { once: true });

  const vectors: (number[] | null)[] = new Array(input.texts.length).fill(null);
  const counts = { inputTokens: 0, estimated: false, attempts: 0 };
  let expected = entry.dimensions;

  /** Vectors of texts in one request, tried again while that can help. */
  const request = async (texts: string[]): Promise<number[][]> => {
    for (let attempt = 1; ; attempt++) {
      counts.attempts = Math.max(counts.attempts, attempt);
      const controller = stopper.controller();
      try {
        const model = await stopper.race(deps.loadModel());
        const options = entry.requestDimensions && entry.dimensions ? { dimensions: entry.dimensions } : {};
        const reply = await stopper.race(model.doEmbed({ values: texts, abortSignal: controller.signal, ...options }));
        counts.inputTokens += reply.usage?.tokens ?? texts.reduce((sum, text) => sum + estimateTokens(text), 0);
        counts.estimated ||= reply.usage === undefined;
        expected ??= reply.embeddings[0]?.length ?? null;
        checkVectors(reply.embeddings, texts.length, expected);
        return reply.embeddings;
      } catch (thrown) {
        if (stopper.error) throw stopper.error;
        const failure = toFailure(thrown, ref, "EMBEDDING_MODEL");
        if (failure.isAboutInput) throw new Refusal(failure.error);
        const waitMs = pauseMs(attempt, limits.backoffMs, failure.error);
        const isOver = attempt >= limits.attempts || waitMs > timeoutMs - meter.elapsedMs;
        if (isOver || !failure.canRetry) throw failure.error;
        await stopper.sleep(waitMs);
      }
    }
  };
  const take = (start: number, found: number[][]) => {
    for (const [i, vector] of found.entries()) vectors[start + i] = vector;
  };

  /**
   * A refused request is halved until the text that it is about stands alone; that one is shortened, and given up in the end. Before all that
   * a harmless text is tried once: when even that is refused, it is the model or its settings, and no text is to blame.
   */
  const embedBatch = async ({ start, texts }: Batch): Promise<void> => {
    try {
      take(start, await request(texts));
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      await assertUsable(thrown);
      await embedParts(start, texts);
    }
  };
  const embedParts = async (start: number, texts: string[]): Promise<void> => {
    if (texts.length === 1) return embedShortened(start, texts[0]!);
    const half = Math.ceil(texts.length / 2);
    for (const [from, part] of [
      [start, texts.slice(0, half)],
      [start + half, texts.slice(half)],
    ] as const) {
      const found = await unlessRefused(request(part));
      if (found) take(from, found);
      else await embedParts(from, part);
    }
  };
  const embedShortened = async (index: number, text: string): Promise<void> => {
    for (let part = text, cuts = 0; cuts < MAX_CUTS && part.length > SHORTEST_CUT; cuts++) {
      part = part.slice(0, part.length / 2).replace(/[\ud800-\udbff]$/, "");
      const found = await unlessRefused(request([part]));
      if (found) return take(index, found);
    }
  };
  let probe: Promise<unknown> | undefined;
  const assertUsable = async (refusal: Refusal): Promise<void> => {
    probe ??= request([HARMLESS]);
    // The refused batch may have been that harmless text itself.
    if ((await unlessRefused(probe)) === null) throw refusal.error;
  };

  const queue = toBatches(input.texts, entry);
  const worker = async () => {
    for (let batch = queue.shift(); batch && !stopper.error; batch = queue.shift()) await embedBatch(batch);
  };
  const settle = (error?: AppError) => {
    const { inputTokens, estimated, attempts } = counts;
    const costMicroUsd = inputCostMicroUsd(entry, inputTokens);
    const result = { inputTokens, outputTokens: 0, cachedTokens: 0, costMicroUsd, estimated, attempts };
    meter.settle(error ? outcomeOf(error) : "ok", result, error?.code);
    return { inputTokens, estimated, costMicroUsd };
  };
  try {
    if (stopper.error) throw stopper.error;
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    if (stopper.error) throw stopper.error;
    return { model: ref, dimensions: expected ?? 0, vectors, usage: settle() };
  } catch (thrown) {
    const { error } = toFailure(thrown, ref, "EMBEDDING_MODEL");
    stopper.stop(error);
    settle(error);
    throw error;
  } finally {
    clearTimeout(timer);
    input.signal?.removeEventListener("abort", onAbort);
  }
}

/** Consecutive texts per request, within the limits of count and (estimated) tokens. */
export function toBatches(texts: readonly string[], entry: Entry): Batch[] {
  const batches: Batch[] = [];
  let batch: Batch = { start: 0, texts: [], tokens: 0 };
  for (const [index, full] of texts.entries()) {
    const text = cutTo(full, entry.maxTextTokens);
    const tokens = estimateTokens(text);
    const isFull = batch.texts.length >= entry.maxBatchTexts || batch.tokens + tokens > entry.maxBatchTokens;
    if (isFull && batch.texts.length > 0) {
      batches.push(batch);
      batch = { start: index, texts: [], tokens: 0 };
    }
    batch.texts.push(text);
    batch.tokens += tokens;
  }
  if (batch.texts.length > 0) batches.push(batch);
  return batches;
}

/** A fifth below the limit, because the count is an estimate. Empty texts become a space: providers refuse "". */
function cutTo(text: string, maxTokens: number): string {
  if (text === "") return " ";
  const tokens = estimateTokens(text);
  const allowed = maxTokens * 0.8;
  if (tokens <= allowed) return text;
  return text.slice(0, Math.floor((text.length * allowed) / tokens)).replace(/[\ud800-\udbff]$/, "");
}

/** The request was understood and refused for what is in it. */
class Refusal extends Error {
  constructor(readonly error: AppError) {
    super(error.message);
  }
}

const unlessRefused = <T>(promise: Promise<T>): Promise<T | null> =>
  promise.catch((thrown: unknown) => {
    if (thrown instanceof Refusal) return null;
    throw thrown;
  });

function checkVectors(vectors: number[][], count: number, dimensions: number | null): void {
  if (vectors.length !== count) throw new BadReply(`returned ${vectors.length} vectors for ${count} texts`);
  for (const vector of vectors) {
    if (vector.length === 0 || vector.length !== dimensions) {
      throw new BadReply(`returned a vector of ${vector.length} numbers where ${dimensions} were expected`, false);
    }
    if (!vector.every(Number.isFinite)) throw new BadReply("returned a vector with something that is not a number");
  }
}
