import type { RankedChunk, SelectedPassage } from "@/lib/knowledge";
import { type CallRecord, type ChatModelInfo, modelKey } from "@/lib/llm";
import type { AnsweringConfig } from "../begin-turn";
import type { Trace, TraceCandidate } from "../schema";

const SHOWN_CANDIDATES = 20;

interface TraceInput
  extends Pick<Trace, "query" | "language" | "filters" | "confidence" | "checks" | "prompt" | "timings"> {
  agent: AnsweringConfig;
  model: ChatModelInfo;
  /** As retrieval ranked them. */
  candidates: RankedChunk[];
  /** Given to the model. */
  chunks: SelectedPassage[];
  /** Why others were not, by their ids. */
  cuts: ReadonlyMap<string, TraceCandidate["cut"]>;
  usage: { inputTokens: number; outputTokens: number; costMicroUsd: number };
  calls: CallRecord[];
}

/** How an answer came about, as the playground shows it. */
export function traceOf({ agent, model, candidates, chunks, cuts, usage, calls, ...same }: TraceInput): Trace {
  const used = new Set(chunks.flatMap((chunk) => chunk.chunkIds));
  const rankBy = (score: "lexical" | "similarity") => {
    const found = candidates.filter((chunk) => chunk[score] > 0).sort((a, b) => b[score] - a[score]);
    return new Map(found.map(({ chunkId }, index) => [chunkId, index + 1]));
  };
  const [lexicalRanks, similarityRanks] = [rankBy("lexical"), rankBy("similarity")];
  return {
    ...same,
    version: agent.version,
    candidates: candidates.slice(0, SHOWN_CANDIDATES).map((chunk) => ({
      chunkId: chunk.chunkId,
      title: chunk.title,
      url: /^https?:/.test(chunk.url) ? chunk.url : null,
      headingPath: chunk.headingPath,
      content: chunk.content,
      lexical: chunk.lexical,
      similarity: chunk.similarity,
      lexicalRank: lexicalRanks.get(chunk.chunkId) ?? null,
      similarityRank: similarityRanks.get(chunk.chunkId) ?? null,
      score: chunk.score,
      used: used.has(chunk.chunkId),
      cut: cuts.get(chunk.chunkId) ?? null,
    })),
    threshold: agent.settings.confidenceThreshold,
    model: modelKey(model),
    promptTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    costMicroUsd: usage.costMicroUsd,
    calls: calls.map(({ step, provider, model: id, inputTokens, outputTokens, costMicroUsd, latencyMs }) => ({
      step,
      model: modelKey({ provider, id }),
      inputTokens,
      outputTokens,
      costMicroUsd,
      latencyMs,
    })),
  };
}
