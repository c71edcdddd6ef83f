import type { Block, Container } from "./block";
import { codeLanguage } from "./code";
import { longestRun } from "./inline-markdown";
import { dataCellOf, renderTable } from "./render-table";
import type { PageNode } from "./tree";

/** Looking for anchors reads a heading's neighbours; beyond this many headings a page is not written for readers. */
const MAX_ANCHORS = 1_000;

export interface PageHeading {
  level: number;
  text: string;
  /** Fragment of the page's address that leads to the heading. */
  anchor?: string;
}

/** Blocks → GitHub-flavoured Markdown, with the headings it contains in order. */
export function renderMarkdown(blocks: readonly Block[]): { markdown: string; headings: PageHeading[] } {
  const writer = new MarkdownWriter(blocks);
  return { markdown: writer.write().toWellFormed(), headings: writer.headings };
}

class MarkdownWriter {
  readonly headings: PageHeading[] = [];
  private out = "";
  private previous: { chain: Container[]; tag: string; isMultiLine: boolean } | undefined;
  private readonly begunItems = new Set<PageNode>();
  /** Lists and quotes around a heading are layout: the heading must stand at the top level to head anything. */
  private readonly dissolved = new Set<PageNode>();

  constructor(private readonly blocks: readonly Block[]) {
    for (const block of blocks) {
      if (!/^h[1-6]$/.test(block.tag) || dataCellOf(block)) continue;
      for (let up = block.container; up; up = up.parent) this.dissolved.add(up.node);
    }
  }

  write(): string {
    for (let i = 0; i < this.blocks.length; ) {
      const block = this.blocks[i]!;
      const cell = dataCellOf(block);
      if (!cell) {
        this.emit(chainOf(block.container), block.tag, this.bodyOf(block));
        i++;
        continue;
      }
      let end = i + 1;
      while (end < this.blocks.length && dataCellOf(this.blocks[end]!)?.table === cell.table) end++;
      this.emit(chainOf(cell.parent), "table", renderTable(cell.table, this.blocks.slice(i, end)));
      i = end;
    }
    return this.out;
  }

  private bodyOf(block: Block): string {
    const { tag, markdown, text, node } = block;
    const heading = /^h([1-6])$/.exec(tag);
    if (heading) {
      const level = Number(heading[1]);
      const anchor = this.headings.length < MAX_ANCHORS ? anchorOf(node) : undefined;
      this.headings.push(anchor ? { level, text, anchor } : { level, text });
      return `${"#".repeat(level)} ${markdown.replace(/\s+/g, " ")}`;
    }
    if (tag === "pre") return fenced(text, node ? codeLanguage(node) : "");
    if (tag === "dt" || tag === "summary") return markdown.startsWith("**") ? markdown : `**${markdown}**`;
    return markdown;
  }

  private emit(fullChain: Container[], tag: string, body: string): void {
    if (body === "") return;
    const chain = fullChain.filter((container) => container.kind !== "cell" && !this.dissolved.has(container.node));
    let first = "";
    let rest = "";
    let beginsItem = false;
    for (const container of chain) {
      if (container.kind === "quote") {
        first += "> ";
        rest += "> ";
      } else if (container.kind === "item") {
        const pad = " ".repeat(container.marker.length);
        const begins = !this.begunItems.has(container.node);
        if (begins) this.begunItems.add(container.node);
        beginsItem ||= begins;
        first += begins ? container.marker : pad;
        rest += pad;
      }
    }
    const isMultiLine = body.includes("\n");
    this.out += this.separator(chain, tag, beginsItem, isMultiLine);
    this.out += prefixed(body, first, rest);
    this.previous = { chain, tag, isMultiLine };
  }

  /** Items of one list follow each other without a blank line; everything else is set apart by one, inside shared quotes too. */
  private separator(chain: Container[], tag: string, beginsItem: boolean, isMultiLine: boolean): string {
    const { previous } = this;
    if (!previous) return "";
    if (tag === "dd" && previous.tag === "dt") return "\n";
    const list = outermostList(chain);
    const isTight = beginsItem && list !== undefined && outermostList(previous.chain) === list;
    if (isTight && !isMultiLine && !previous.isMultiLine) return "\n";
    let shared = "";
    for (const [index, container] of chain.entries()) {
      if (previous.chain[index]?.node !== container.node) break;
      shared +=
        container.kind === "quote" ? "> " : container.kind === "item" ? " ".repeat(container.marker.length) : "";
    }
    return `\n${shared.trimEnd()}\n`;
  }
}

function chainOf(container: Container | null): Container[] {
  const chain: Container[] = [];
  for (let up = container; up; up = up.parent) chain.push(up);
  return chain.reverse();
}

function outermostList(chain: readonly Container[]): PageNode | undefined {
  const item = chain.find((container) => container.kind === "item");
  return item?.kind === "item" ? item.list : undefined;
}

function prefixed(body: string, first: string, rest: string): string {
  if (first === "") return body;
  return body
    .split("\n")
    .map((line, index) => (index === 0 ? first + line : line === "" ? rest.trimEnd() : rest + line))
    .join("\n");
}

function fenced(code: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(code, "`") + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}

/** The heading's own id, one inside it, its self-link, or the id of the section or anchor it opens. */
function anchorOf(node: PageNode | null): string | undefined {
  if (!node) return undefined;
  return node.attributes.id || innerAnchor(node) || outerAnchor(node) || undefined;
}

function innerAnchor(node: PageNode): string | undefined {
  for (const child of node.elements()) {
    const { id, name, href } = child.attributes;
    const own = id ?? (child.tag === "a" ? (name ?? fragmentOf(href)) : undefined) ?? innerAnchor(child);
    if (own) return own;
  }
  return undefined;
}

function outerAnchor(node: PageNode): string | undefined {
  const { parent } = node;
  if (!parent) return undefined;
  const before = parent.children
    .slice(0, parent.children.indexOf(node))
    .filter((child) => typeof child !== "string" || child.trim() !== "");
  const last = before.at(-1);
  if (last && typeof last !== "string") {
    const isEmptyAnchor = last.textLength === 0 && (last.tag === "a" || last.tag === "span");
    return isEmptyAnchor ? (last.attributes.id ?? last.attributes.name) : undefined;
  }
  return before.length === 0 && (parent.tag === "section" || parent.tag === "div" || parent.tag === "header")
    ? parent.attributes.id
    : undefined;
}

function fragmentOf(href: string | undefined): string | undefined {
  return href?.startsWith("#") && href.length > 1 ? decodedFragment(href.slice(1)) : undefined;
}

function decodedFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
