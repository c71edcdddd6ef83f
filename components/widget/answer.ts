import { h } from "./dom";
import { type Make, parseMarkdown, safeUrl } from "./markdown";
import type { Citation } from "./protocol";
import { strings } from "./strings";

/** A link that opens beside the page and tells the target nothing about it. */
const link = (href: string, title: string, ...children: (Node | string)[]) =>
  h("a", { href, title, target: "_blank", rel: "noopener noreferrer" }, ...children);

/** Shown by the style sheet, so that the number is neither read out nor copied within the sentence. */
function numbered<Element extends HTMLElement>(element: Element, number: number | string): Element {
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
export function showAnswer(element: HTMLElement, text: string, streaming: boolean, citations?: Citation[]): void {
  const make: Make<Node> = (tag, kids, detail) => {
    if (tag === "cite") return cite(detail!, citations);
    if (tag === "a") return link(detail!, detail!, ...kids);
    const made = h(tag, "", ...kids);
    if (tag === "ol") made.setAttribute("start", detail!);
    // What scrolls sideways can be reached by keyboard.
    if (tag !== "pre" && tag !== "table") return made;
    return h("div", { className: "wide", tabIndex: 0, role: "group", ariaLabel: strings[tag] }, made);
  };
  const blocks = parseMarkdown(text, streaming, make) as HTMLElement[];
  blocks.forEach((block, i) => {
    block.dir = block.firstElementChild?.matches("pre") ? "ltr" : "auto";
    const old = element.children[i];
    if (!old) element.append(block);
    else if (!old.isEqualNode(block)) old.replaceWith(block);
  });
  while (element.children[blocks.length]) element.lastChild!.remove();
}

function cite(number: string, citations?: Citation[]): Node {
  if (!citations) return numbered(h("span"), number);
  const { url, title } = citations.find((citation) => `${citation.number}` === number) ?? {};
  if (url !== null && !safeUrl(url ?? "")) return new Text(`[${number}]`);
  const made = numbered(url ? link(url, title!) : h("span", { title: title!, role: "img" }), number);
  made.ariaLabel = strings.source(number, title!);
  return made;
}

/** The list under an answer: where each citation leads. */
export function sourceList(citations: Citation[] = []): HTMLElement[] {
  const items = citations.flatMap(({ number, url, title, heading }) => {
    if (url !== null && !safeUrl(url)) return [];
    const from = [url && new URL(url).host, heading].filter(Boolean).join(" · ");
    const label = h("span", "", h("b", { dir: "auto" }, title || url || ""), h("small", "", from));
    const parts = [numbered(h("span"), number), label];
    return h("li", "", url ? link(url, url, ...parts) : h("div", "", ...parts));
  });
  return items[0] ? [h("div", "sources", h("h3", "", strings.sources), h("ul", "", ...items))] : [];
}
