export { CHUNKER_VERSION, chunkMarkdown } from "./chunk-markdown";
export { passageUrl, placeOf } from "./passage-url";
export { plainText } from "./plain-text";
export { type Quotable, quotables } from "./quotable";
export { textFragment } from "./text-fragment";
