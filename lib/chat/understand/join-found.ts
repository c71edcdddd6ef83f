import type { RankedChunk, Retrieved } from "@/lib/knowledge";

/** What several questions found, as one list: the best of each, then the second of each, …; a passage that several found counts once. */
export function joinFound(found: Retrieved[]): Retrieved {
  if (found.length === 1) return found[0]!;
  const places = found.map(({ chunks }) =>
    chunks.map((chunk) => ({ ...chunk, score: chunk.score / (chunks[0]!.score || 1) })),
  );
  const joined = new Map<string, RankedChunk>();
  for (let place = 0; place < Math.max(0, ...places.map((chunks) => chunks.length)); place++)
    for (const chunks of places) {
      const chunk = chunks[place];
      if (chunk && !joined.has(chunk.chunkId)) joined.set(chunk.chunkId, chunk);
    }
  const most = (value: (one: Retrieved) => number) => Math.max(...found.map(value));
  return {
    chunks: [...joined.values()],
    confidence: most(({ confidence }) => confidence),
    question: found.map(({ question }) => question).join(" "),
    timings: { embedMs: most(({ timings }) => timings.embedMs), searchMs: most(({ timings }) => timings.searchMs) },
  };
}
