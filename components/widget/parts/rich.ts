import { h } from "../dom";
import { parseMarkdown } from "../markdown";
import { part } from "../part";
import type { Parse } from "../plain";
import css from "./rich.css?inline";

/** The whole of Markdown. What scrolls sideways can be reached by keyboard. */
export const richMarkdown =
  (strings: { table: string; pre: string }): Parse<Node> =>
  (text, streaming, make) =>
    parseMarkdown<Node>(text, streaming, (tag, kids, detail) => {
      const made = make(tag, kids, detail);
      if (tag !== "pre" && tag !== "table") return made;
      const dir = tag === "pre" ? "ltr" : "auto";
      return h("div", { className: "wide", tabIndex: 0, role: "group", ariaLabel: strings[tag], dir }, made);
    });

/** Tables, code, quotations and all else that `plain.ts` does not make: fetched for the first answer that has it. */
export default part({
  css,
  strings: { table: "Table", pre: "Code" },
  mount({ strings }) {
    const parse = richMarkdown(strings);
    return (give: (made: Parse<Node>) => void) => give(parse);
  },
});
