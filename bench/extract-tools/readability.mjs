import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import { textOf } from "./text-of.mjs";

/** What is timed: parsing, and HTML and text of the article. It has no Markdown. */
export const extract = (html) => new Readability(parseHTML(html).document).parse();

/** Adapter for a main-content scorer: `(html, url) => plainText`. */
export default (html) => textOf(extract(html)?.content ?? "");
