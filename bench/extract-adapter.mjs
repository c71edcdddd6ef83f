import { register } from "tsx/esm/api";

// The scorer runs on plain Node: TypeScript is loaded through tsx.
register();
const { extractPage } = await import("../lib/crawl/extract.ts");

/** Adapter for a main-content scorer: `(html, url) => plainText`. */
export default (html, url) => extractPage(html, url).text;
