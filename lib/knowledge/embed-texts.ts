import { vector } from "@/lib/db/pool";
import type { CallMeta, Gateway } from "@/lib/llm";

/** Passages as `private.texts_to_embed` gives them, embedded as `private.store_vectors` takes them: null where the model refused the text. */
export async function embedTexts(
  gateway: Gateway,
  {
    model,
    chunks,
    meta,
    signal,
  }: { model: string; chunks: { id: string; text: string }[]; meta: CallMeta; signal: AbortSignal },
): Promise<{ embeddings: { id: string; embedding: string | null }[]; costMicroUsd: number }> {
  if (chunks.length === 0) return { embeddings: [], costMicroUsd: 0 };
  const { vectors, usage } = await gateway.embed({ texts: chunks.map(({ text }) => text), model, signal, meta });
  const embeddings = chunks.map(({ id }, i) => {
    const found = vectors[i];
    return { id, embedding: found ? vector(found) : null };
  });
  return { embeddings, costMicroUsd: usage.costMicroUsd };
}
