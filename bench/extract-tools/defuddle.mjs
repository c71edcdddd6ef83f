import { Defuddle } from "defuddle/node";
import { parseHTML } from "linkedom";
import { textOf } from "./text-of.mjs";

// It would fetch from other people's services for some addresses; here it has the page and nothing else.
const OPTIONS = { separateMarkdown: true, useAsync: false };

/** What is timed: parsing, HTML and Markdown of the article. */
export const extract = (html, url) => quietly(() => Defuddle(parseHTML(html).document, url, OPTIONS));

/** Adapter for a main-content scorer: `(html, url) => plainText`. */
export default async (html, url) => textOf((await extract(html, url)).content);

/** Its notices would stand in the scorer's answer. */
async function quietly(work) {
  const { log, warn, error } = console;
  Object.assign(console, { log() {}, warn() {}, error() {} });
  try {
    return await work();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}
