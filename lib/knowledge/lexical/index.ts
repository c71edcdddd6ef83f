export { type ConfidenceOptions, confidence } from "./confidence";
export { type FuseOptions, fuse, type MatchedChunk, type RankedChunk } from "./fuse";
export { respell, respellings, unknownWords } from "./spelling";
export { synonymsOf } from "./synonyms";
export { type IndexTerms, indexTerms, type QueryTerms, queryTerms } from "./terms";
