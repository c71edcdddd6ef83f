export { compoundSearches, type KnownTerm, NO_STAND_INS, type StandIns, standInsOf } from "./compounds";
export { type ConfidenceOptions, confidence } from "./confidence";
export { type FuseOptions, fuse, type MatchedChunk, type RankedChunk } from "./fuse";
export { respell, respellings } from "./spelling";
export { synonymsOf } from "./synonyms";
export { type IndexTerms, indexTerms, type QueryTerms, queryTerms } from "./terms";
export { unknownWords } from "./unknown-words";
