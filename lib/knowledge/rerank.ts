import type { CallMeta, Gateway } from "@/lib/llm";
import type { RankedChunk } from "./lexical";

/** What a reranker reads of a passage. */
export const rerankText = ({
  title,
  headingPath,
  content,
}: Pick<RankedChunk, "title" | "headingPath" | "content">): string => [title, ...headingPath, content].join("\n");

/**
 * Found passages in the order of the configured reranker. The place decides the score, which stays as the search spread it: what follows compares
 * scores with each other, and those of a reranker are of a scale of their own.
 */
export async function rerank(
  gateway: Gateway,
  question: string,
  ranked: RankedChunk[],
  { signal, ...meta }: Omit<CallMeta, "step"> & { signal?: AbortSignal },
): Promise<RankedChunk[]> {
  if (!gateway.canRerank || ranked.length < 2) return ranked;
  const scores = await gateway.rerank({
    query: question,
    texts: ranked.map(rerankText),
    meta,
    ...(signal && { signal }),
  });
  if (!scores) return ranked;
  return ranked
    .map((chunk, place) => ({ chunk, place, score: scores[place]! }))
    .toSorted((x, y) => y.score - x.score || x.place - y.place)
    .map(({ chunk }, place) => ({ ...chunk, score: ranked[place]!.score }));
}
