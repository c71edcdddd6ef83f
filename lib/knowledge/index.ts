export {
  CHUNKER_VERSION,
  chunkMarkdown,
  passageUrl,
  placeOf,
  plainText,
  type Quotable,
  quotables,
  textFragment,
} from "./chunk";
export type { KnowledgeDeps } from "./deps";
export { embedTexts } from "./embed-texts";
export { embeddingKey } from "./embedding-key";
export { buildIndex } from "./indexes/build-index";
export { cancelModelChange, changeModel } from "./indexes/change-model";
export { getIndexes } from "./indexes/get-indexes";
export { sweepIndexes } from "./indexes/sweep-indexes";
export { buildIndexJob } from "./jobs";
export { indexTerms, type RankedChunk, synonymsOf } from "./lexical";
export { rerankText } from "./rerank";
export { type Retrieved, retrieve } from "./retrieve";
export type { Chunk } from "./schema";
export { type SelectedPassage, selectPassages } from "./select-passages";
