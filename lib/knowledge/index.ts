export { CHUNKER_VERSION, chunkMarkdown, plainText, textFragment } from "./chunk";
export { embeddingKey } from "./embedding-key";
export { indexTerms, type RankedChunk } from "./lexical";
export { retrieve } from "./retrieve";
export type { Chunk } from "./schema";
