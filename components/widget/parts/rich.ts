import type { Rich } from "../markdown";
import { part } from "../part";
import css from "./rich.css?inline";

/** What Markdown has besides paragraphs and lists. */
export const rich: Rich = ({ fence, quote, rule, take, atEnd, blocks, inline, make }) => {
  /** The one line that begins or ends something. */
  const skip = () => {
    let first = true;
    return take(() => {
      const belongs = first;
      first = false;
      return belongs;
    });
  };
  if (quote) {
    const quoted = take((line) => /^\s*>/.test(line)).map((line) => line.replace(/^\s*> ?/, ""));
    return make("blockquote", blocks(quoted, atEnd()));
  }
  if (fence) {
    skip();
    const code = take((line) => !line.trim().startsWith(fence)).join("\n");
    skip();
    return make("pre", [code]);
  }
  if (rule) {
    skip();
    return make("hr", []);
  }
  const [head = [], , ...rows] = take((line) => line.includes("|")).map((line) =>
    line.replace(/^\s*\||\|\s*$/g, "").split(/(?<!\\)\|/),
  );
  const row = (cells: string[], tag: "th" | "td") =>
    make(
      "tr",
      head.map((_, i) => make(tag, inline((cells[i] ?? "").trim()))),
    );
  return make("table", [row(head, "th"), ...rows.map((cells) => row(cells, "td"))]);
};

/** Tables, code and quotations: made and styled for the first answer that has one. */
export default part({ css, strings: {}, mount: () => (give: (made: Rich) => void) => give(rich) });
