import { h } from "./dom";
import { type Make, type Parse, safeUrl } from "./plain";
import type { Citation } from "./protocol";
import { fill, type Words } from "./strings";

/** A link that opens beside the page and tells the target nothing about it. */
export const link = (href: string, ...children: (Node | string)[]) =>
  h("a", { href, target: "_blank", rel: "noreferrer" }, ...children);

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
  parse: Parse<Node>,
  citations?: Citation[],
): void {
  const make: Make<Node> = (tag, kids, detail) => {
    if (tag === "cite") return cite(detail!, words, citations);
    if (tag === "a") return link(detail!, ...kids);
    return h(tag as "ol", tag === "ol" ? { start: Number.parseInt(detail!, 10) } : "", ...kids);
  };
  const blocks = parse(text, streaming, make) as HTMLElement[];
  blocks.forEach((block, i) => {
    block.dir ||= "auto";
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

/** The list under an answer: where each citation leads. */
export function sourceList(title: string, citations: Citation[] = []): HTMLElement[] {
  const items = citations.flatMap(({ number, url, title: name, heading }) => {
    if (url !== null && !safeUrl(url)) return [];
    const from = [url && new URL(url).host, heading].filter(Boolean).join(" · ");
    const label = h("span", "", h("b", { dir: "auto" }, name || url || ""), h("small", "", from));
    const parts = [numbered(h("span"), number), label];
    return h("li", "", url ? link(url, ...parts) : h("div", "", ...parts));
  });
  return items[0] ? [h("div", "sources", h("h3", "", title), h("ul", "", ...items))] : [];
}
