/** What a passage is made of, with each block's Markdown kept as it stands on the page. */
export type Block =
  | { kind: "paragraph"; markdown: string; sentences: string[] }
  | { kind: "list"; isOrdered: boolean; items: string[] }
  | { kind: "table"; header: string; divider: string; rows: string[] }
  | { kind: "code"; markdown: string };

/** Blocks under one heading; `headings` are those inside the passage, outermost first. */
export type Section = { headings: string[]; blocks: Block[] };

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const FENCE = /^\s*(```+|~~~+)/;
const ITEM = /^\s*(?:[-*+]|\d{1,3}[.)])\s+/;
const ORDERED = /^\s*\d{1,3}[.)]\s/;
const DIVIDER = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const IMAGE_ONLY = /^\s*!\[[^\]]*\]\([^)]*\)\s*$/;

const segmenters = new Map<string, Intl.Segmenter>();

/** Sentences with their Markdown; a sentence ends where the language says, or at a line that was broken on purpose. */
export function splitSentences(text: string, language: string): string[] {
  let segmenter = segmenters.get(language);
  if (!segmenter) {
    segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
    segmenters.set(language, segmenter);
  }
  const sentences: string[] = [];
  for (const { segment } of segmenter.segment(text.replace(/\s*\n\s*/g, " "))) {
    const previous = sentences.at(-1);
    // The segmenter also breaks after "e.g." and between the stars of "**bold.** More".
    const isTail =
      previous !== undefined &&
      (/\b(?:e\.g|i\.e|approx|no|nr|z\.B|etc|vs|ca)\.\s*$/i.test(previous) || isOpen(previous));
    if (isTail) sentences[sentences.length - 1] = previous + segment;
    else if (segment.trim()) sentences.push(segment);
  }
  return sentences.map((sentence) => sentence.trim());
}

const isOpen = (text: string) =>
  (text.match(/\*\*/g)?.length ?? 0) % 2 === 1 || (text.match(/`/g)?.length ?? 0) % 2 === 1;

/** Call-outs (`> [!NOTE] …`) are ordinary text here: their marks would end up in the middle of a quoted sentence. */
const withoutQuoteMarks = (markdown: string) =>
  markdown.replace(/^\s{0,3}>\s?(?:\[!\s?\w+\]\s*)?/gm, (mark, at: number) =>
    isInsideFence(markdown, at) ? mark : "",
  );

const isInsideFence = (markdown: string, at: number) =>
  (markdown.slice(0, at).match(/^\s*(?:```|~~~)/gm)?.length ?? 0) % 2 === 1;

/** Reads the Markdown of a passage. Anything unusual stays a paragraph: nothing is lost, nothing throws. */
export function parseSections(markdown: string, language: string): Section[] {
  const lines = withoutQuoteMarks(markdown.replace(/\r\n?/g, "\n")).split("\n");
  let section: Section = { headings: [], blocks: [] };
  const sections = [section];
  const open: { level: number; text: string }[] = [];
  let at = 0;
  const line = () => lines[at] ?? "";

  while (at < lines.length) {
    const heading = HEADING.exec(line());
    if (heading) {
      const level = heading[1]?.length ?? 1;
      while ((open.at(-1)?.level ?? 0) >= level) open.pop();
      open.push({ level, text: heading[2] ?? "" });
      section = { headings: open.map((one) => one.text), blocks: [] };
      sections.push(section);
      at++;
    } else if (FENCE.test(line())) {
      section.blocks.push({ kind: "code", markdown: takeFence() });
    } else if (line().includes("|") && DIVIDER.test(lines[at + 1] ?? "")) {
      const [header = "", divider = "", ...rows] = takeWhile((text) => text.includes("|"));
      section.blocks.push({ kind: "table", header, divider, rows });
    } else if (ITEM.test(line()) && !RULE.test(line())) {
      section.blocks.push(takeList());
    } else if (line().trim() === "" || RULE.test(line()) || IMAGE_ONLY.test(line())) {
      at++;
    } else {
      const text = takeWhile(isProse).join("\n");
      section.blocks.push({ kind: "paragraph", markdown: text, sentences: splitSentences(text, language) });
    }
  }
  return sections.filter(({ blocks }) => blocks.length > 0);

  function takeWhile(isMore: (text: string) => boolean): string[] {
    const taken = [line()];
    for (at++; at < lines.length && line().trim() !== "" && isMore(line()); at++) taken.push(line());
    return taken;
  }

  function isProse(text: string): boolean {
    return !HEADING.test(text) && !FENCE.test(text) && !ITEM.test(text) && !DIVIDER.test(lines[at + 1] ?? "");
  }

  function takeFence(): string {
    const fence = FENCE.exec(line())?.[1] ?? "```";
    const taken = [line()];
    for (at++; at < lines.length; at++) {
      taken.push(line());
      if (line().trim().startsWith(fence)) {
        at++;
        return taken.join("\n");
      }
    }
    // A fence that the passage's end cut off is closed, so that it cannot swallow what follows the quote.
    return `${taken.join("\n")}\n${fence}`;
  }

  /** Items with their continuation lines and sub-items; a blank line inside is allowed when an indented line or item follows. */
  function takeList(): Block {
    const isOrdered = ORDERED.test(line());
    const indent = line().search(/\S/);
    const items: string[] = [];
    for (; at < lines.length; at++) {
      const text = line();
      const depth = text.search(/\S/);
      if (depth < 0) {
        const next = lines[at + 1] ?? "";
        const goesOn = next.search(/\S/) > indent || (ITEM.test(next) && ORDERED.test(next) === isOrdered);
        if (!goesOn) break;
        continue;
      }
      if (ITEM.test(text) && depth <= indent + 1) {
        if (ORDERED.test(text) !== isOrdered) break;
        items.push(text);
      } else if (depth > indent && items.length > 0) items[items.length - 1] += `\n${text}`;
      else if (HEADING.test(text) || FENCE.test(text) || items.length === 0 || lines[at - 1]?.trim() === "") break;
      else items[items.length - 1] += `\n${text}`;
    }
    return { kind: "list", isOrdered, items };
  }
}
