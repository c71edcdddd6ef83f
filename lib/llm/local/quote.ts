import { analyze } from "@/lib/core/text/analyze";
import type { Passage } from "../types";
import type { Block, Section } from "./blocks";
import type { Question } from "./question";
import { leadInOf, match, type ScoredUnit } from "./score";

/** A verbatim piece of a passage, as Markdown. `inline` says that a citation may stand on its last line. */
export type Quote = { passage: Passage; section: Section; blockIndex: number; markdown: string; inline: boolean };

const PROSE_CHARS = 360;
const LIST_CHARS = 420;
const STEPS_CHARS = 900;
const TABLE_ROWS = 6;
const CODE_LINES = 24;

/**
 * Widens a unit to what a person would copy: a short paragraph whole, an ordered list whole, table rows with their head, code with
 * the sentence before it.
 * @param units all scored units, to choose the neighbours that belong to the answer too
 */
export function quoteUnit(best: ScoredUnit, units: readonly ScoredUnit[], question: Question): Quote {
  const { passage, section, block, blockIndex } = best;
  const here = units.filter((unit) => unit.block === block).sort((a, b) => a.index - b.index);
  const quote = (markdown: string, inline: boolean, from = blockIndex): Quote => {
    return { passage, section, blockIndex: from, markdown, inline };
  };
  switch (block.kind) {
    case "paragraph": {
      const next = section.blocks[blockIndex + 1];
      const text = proseAround(block, best.index);
      // "…do this:" is half of an answer without the list that follows.
      if (text.endsWith(":") && next?.kind === "list") {
        return quote(`${text}\n\n${wholeOrBest(next, units, best).join("\n")}`, true);
      }
      return quote(text, true);
    }
    case "list": {
      const items = block.isOrdered ? limit(block.items, STEPS_CHARS) : wholeOrBest(block, here, best);
      const leadIn = leadInOf(section, blockIndex);
      return quote((leadIn.endsWith(":") ? `${leadIn}\n\n` : "") + items.join("\n"), true);
    }
    case "table": {
      const rows = limit(tableRows(here, question), LIST_CHARS + 200);
      return quote([block.header, block.divider, ...rows].join("\n"), false);
    }
    case "code": {
      const leadIn = leadInOf(section, blockIndex);
      return quote((leadIn ? `${leadIn}\n\n` : "") + shortCode(block.markdown), false);
    }
  }
}

/** The opening of a section whose heading says what was asked. */
export function quoteOpening(best: ScoredUnit, units: readonly ScoredUnit[], question: Question): Quote {
  const first = units
    .filter((unit) => unit.section === best.section && unit.blockIndex === 0)
    .sort((a, b) => (a.block.kind === "table" || a.block.kind === "list" ? b.score - a.score : a.index - b.index))[0];
  return quoteUnit(first ?? best, units, question);
}

/**
 * The first cell of a row is what the row is about. When the question names one (`E03`, `Germany`), its rows are the answer. Otherwise
 * the table as a whole is, if its heading says so, or else the rows that say something of the question.
 */
function tableRows(rows: readonly ScoredUnit[], { terms, language }: Question): string[] {
  const stems = (text: string) => new Set(analyze(text, language));
  const held = (text: string, { context, block }: ScoredUnit) => {
    const header = stems(block.kind === "table" ? block.header : "");
    const telling = terms.filter((term) => term.factor >= 0.5 && !match(term, context.title) && !match(term, header));
    return telling.reduce((sum, term) => sum + match(term, stems(text)), 0);
  };
  const byName = rows.map((row) => held(row.text.split("|").find((cell) => cell.trim()) ?? "", row));
  const byText = rows.map((row) => held(row.text, row));
  const isWhole = rows.some((row) => row.headingCoverage >= 0.3);
  const counts = Math.max(...byName) > 0 ? byName : isWhole ? rows.map(() => 0) : byText;
  const chosen = rows.filter((_, i) => counts[i] === Math.max(...counts));
  const best = new Set([...chosen].sort((a, b) => b.score - a.score).slice(0, TABLE_ROWS));
  return chosen.filter((row) => best.has(row)).map((row) => row.text);
}

function proseAround(block: Extract<Block, { kind: "paragraph" }>, index: number): string {
  const { sentences } = block;
  if (block.markdown.length <= PROSE_CHARS) return sentences.join(" ");
  let from = Math.max(0, index);
  if (from > 0 && LEANS_BACK.test(sentences[from] ?? "")) from--;
  let to = Math.max(0, index) + 1;
  let length = sentences.slice(from, to).join(" ").length;
  while (to < sentences.length && length + (sentences[to]?.length ?? 0) < 280)
    length += (sentences[to++]?.length ?? 0) + 1;
  return sentences.slice(from, to).join(" ");
}

/** A sentence that begins so makes no sense without the one before. */
const LEANS_BACK =
  /^\W*(?:it|its|they|them|their|this|that|these|those|he|she|but|however|otherwise|then|if not|so|also|instead|er|es|sie|dies\w*|das|aber|sonst|dann|il|elle|cela|mais|sinon|esto|pero)\b/i;

/** The whole list when it is short, otherwise the items that fit the question, in the page's order. */
function wholeOrBest(list: Extract<Block, { kind: "list" }>, units: readonly ScoredUnit[], best: ScoredUnit): string[] {
  if (list.items.join("\n").length <= LIST_CHARS) return list.items;
  const fitting = units.filter((unit) => unit.block === list && unit.index >= 0 && unit.score >= best.score - 0.1);
  const items = fitting.sort((a, b) => a.index - b.index).map((unit) => unit.text);
  return limit(items.length > 0 ? items : list.items, LIST_CHARS);
}

/** As many as fit, at least one. */
function limit(items: readonly string[], chars: number): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const item of items) {
    length += item.length + 1;
    if (kept.length > 0 && length > chars) break;
    kept.push(item);
  }
  return kept;
}

function shortCode(markdown: string): string {
  const lines = markdown.split("\n");
  if (lines.length <= CODE_LINES + 2) return markdown;
  return [...lines.slice(0, CODE_LINES + 1), "…", lines.at(-1) ?? "```"].join("\n");
}
