export { CHUNKER_VERSION, chunkMarkdown } from "./chunk-markdown";
export { plainText } from "./plain-text";
export { textFragment } from "./text-fragment";
