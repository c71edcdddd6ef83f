import { h } from "./dom";
import { type Make, parseMarkdown, type Rich, safeUrl } from "./markdown";
import type { Citation } from "./protocol";
import { fill, type Words } from "./strings";

/** A link that opens beside the page and tells the target nothing about it. */
export const link = (href: string, ...children: (Node | string)[]) =>
  h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);

/** Shown by the style sheet, so that the number is neither read out nor copied within the sentence. */
export function numbered<Element extends HTMLElement>(element: Element, number: number | string): Element {
  element.className = "cite";
  element.dataset.number = `${number}`;
  return element;
}

/**
 * Shows a growing Markdown text in `element`. Blocks that look as before keep their nodes, and with them the visitor's
 * selection.
 * @param citations undefined while they are not known: their marks are shown, but lead nowhere yet. Later a mark
 *   without a citation is a number in brackets.
 */
export function showAnswer(
  element: HTMLElement,
  text: string,
  streaming: boolean,
  words: Words,
  citations?: Citation[],
  rich?: Rich,
  onRich?: () => void,
): void {
  const make: Make<Node> = (tag, kids, detail) => {
    if (tag === "cite") return cite(detail!, words, citations);
    if (tag === "a") return link(detail!, ...kids);
    const made = h(tag, "", ...kids);
    if (tag === "ol") made.setAttribute("start", detail!);
    // What scrolls sideways can be reached by keyboard.
    if (tag !== "pre" && tag !== "table") return made;
    return h("div", { className: "wide", tabIndex: 0, role: "group", ariaLabel: words[tag] }, made);
  };
  const blocks = parseMarkdown(text, streaming, make, rich, onRich) as HTMLElement[];
  blocks.forEach((block, i) => {
    block.dir = block.firstElementChild?.matches("pre") ? "ltr" : "auto";
    const old = element.children[i];
    if (!old) element.append(block);
    else if (!old.isEqualNode(block)) old.replaceWith(block);
  });
  while (element.children[blocks.length]) element.lastChild!.remove();
}

/** A mark in the text, and what it stands for. */
export type Mark = HTMLElement & { citation?: Citation };

function cite(number: string, words: Words, citations?: Citation[]): Node {
  if (!citations) return numbered(h("span"), number);
  const citation = citations.find((candidate) => `${candidate.number}` === number);
  const { url, title = "" } = citation ?? {};
  if (url !== null && !safeUrl(url ?? "")) return new Text(`[${number}]`);
  const made = numbered(url ? link(url) : h("button", { type: "button" }), number);
  made.ariaLabel = fill(words.source, { number, title });
  return Object.assign(made, { citation });
}
