import type { Message } from "../chat";
import { h } from "../dom";
import { part } from "../part";
import type { Check } from "../protocol";
import css from "./marks.css?inline";

/** One for all widgets of a page: the registry of highlights is the document's. */
const NAME = "alonchat-unsupported";
const MAX_CHARACTERS = 160;

/**
 * Says what an answer holds and its sources do not: marked in the text, where the browser can without changing it, and in
 * words below.
 */
export default part({
  css,
  strings: { title: "Not in the sources" },
  mount({ strings }) {
    const registry = globalThis.CSS?.highlights;
    const highlight = registry && (registry.get(NAME) ?? new Highlight());
    registry?.set(NAME, highlight!);
    const notes = new WeakMap<Message, HTMLElement>();
    const marked = new WeakMap<Message, Range[]>();
    return (message: Message, markdown: HTMLElement): void => {
      const checks = message.checks ?? [];
      for (const range of marked.get(message) ?? []) highlight?.delete(range);
      const ranges = highlight ? rangesOf(message.text, checks, markdown) : [];
      for (const range of ranges) highlight!.add(range);
      marked.set(message, ranges);

      const note = notes.get(message) ?? h("p", { className: "unheld", dir: "auto" });
      notes.set(message, note);
      const said = [...new Set(checks.flatMap((check) => inWords(message.text, check)))];
      note.replaceChildren(h("b", "", strings.title), said[0] ? `: ${said.join(" · ")}` : "");
      if (markdown.nextSibling !== note) markdown.after(note);
    };
  },
});

/** The words that are meant, or the sentence; nothing of a link, which was taken out. */
function inWords(text: string, { start, end, kind, items }: Check): string[] {
  if (items[0] || kind === "link") return items;
  const sentence = text.slice(start, end).replace(/ ?\[\d{1,3}\]|[*_`#]/g, "");
  return [sentence.length > MAX_CHARACTERS ? `${sentence.slice(0, MAX_CHARACTERS)}…` : sentence];
}

/** Letters and digits are the same in Markdown and in what is shown of it; all between them may differ. */
const SIGN = /[\p{L}\p{N}]/u;
const withoutCitations = (text: string): string => text.replace(/\[\d{1,3}\]/g, (mark) => " ".repeat(mark.length));

function rangesOf(source: string, checks: Check[], element: HTMLElement): Range[] {
  const signs = [...places(element)];
  const shown = signs.map(([sign]) => sign).join("");
  const signsIn = (text: string) =>
    Array.from(text)
      .filter((sign) => SIGN.test(sign))
      .join("");
  const bare = withoutCitations(source);
  return checks.flatMap(({ start, end }) => {
    const wanted = signsIn(bare.slice(start, end));
    const at = wanted ? nearest(shown, wanted, signsIn(bare.slice(0, start)).length) : -1;
    if (at < 0) return [];
    const [, first, before] = signs[at]!;
    const [sign, last, offset] = signs[at + wanted.length - 1]!;
    const range = new Range();
    range.setStart(first, before);
    range.setEnd(last, offset + sign.length);
    return [range];
  });
}

/** Of a sentence said twice the one that is about as far along as in the source: what is shown leaves out addresses and numbers of lists. */
function nearest(text: string, wanted: string, expected: number): number {
  const before = text.lastIndexOf(wanted, expected);
  const after = text.indexOf(wanted, expected);
  return after < 0 || (before >= 0 && expected - before <= after - expected) ? before : after;
}

/** Every letter and digit that is shown, one UTF-16 unit each, and where it stands. */
function* places(element: HTMLElement): Generator<[sign: string, node: Text, offset: number]> {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    if (node.parentElement!.closest(".cite")) continue;
    let offset = 0;
    for (const sign of node.data) {
      if (SIGN.test(sign)) for (let i = 0; i < sign.length; i++) yield [sign[i]!, node, offset + i];
      offset += sign.length;
    }
  }
}
