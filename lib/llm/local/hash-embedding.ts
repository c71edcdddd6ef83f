import type { EmbeddingModelV4, EmbeddingModelV4CallOptions, EmbeddingModelV4Result } from "@ai-sdk/provider";
import { localEmbedding } from "@/lib/core/text/local-embedding";
import { estimateTokens } from "@/lib/core/text/tokens";

/** `local/hash-384`: deterministic vectors without a download, for installations without any key. Weak alone, useful beside lexical search. */
export class HashEmbeddingModel implements EmbeddingModelV4 {
  readonly specificationVersion = "v4";
  readonly provider = "local";
  readonly modelId = "hash-384";
  readonly maxEmbeddingsPerCall = 256;
  readonly supportsParallelCalls = false;

  async doEmbed({ values, abortSignal }: EmbeddingModelV4CallOptions): Promise<EmbeddingModelV4Result> {
    const embeddings: number[][] = [];
    let tokens = 0;
    for (const value of values) {
      abortSignal?.throwIfAborted();
      embeddings.push(Array.from(localEmbedding(value)));
      tokens += estimateTokens(value);
      // A crawl's worth of texts must not hold the event loop for a visitor's answer in the same process.
      if (embeddings.length % 32 === 0) await new Promise(setImmediate);
    }
    return { embeddings, usage: { tokens }, warnings: [] };
  }
}
