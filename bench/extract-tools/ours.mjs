import { register } from "tsx/esm/api";

// The scorer runs on plain Node: TypeScript is loaded through tsx.
register();
const { extractPage } = await import("../../lib/crawl/extract.ts");

/** What is timed: Markdown, text and metadata. */
export const extract = (html, url) => extractPage(html, url);

/** Adapter for a main-content scorer: `(html, url) => plainText`. */
export default (html, url) => extract(html, url).text;
