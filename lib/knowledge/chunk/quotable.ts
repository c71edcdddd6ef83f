import { isTableDelimiter, readBlocks } from "./blocks";
import { splitSentences } from "./split";

/** A piece of a passage that can answer alone: a sentence, a list item, a table's row, a listing. */
export interface Quotable {
  /** Markdown as it stands in the passage. */
  markdown: string;
  /** Pieces of one paragraph share it. */
  block: number;
  kind: "sentence" | "item" | "row" | "code";
}

/** The pieces of a passage in order; headings and the head of a table only when there is nothing else. */
export function quotables(content: string): Quotable[] {
  const pieces = readBlocks(content).flatMap((block, index): Quotable[] => {
    if (block.type === "heading") return [];
    if (block.type === "code" || block.type === "item")
      return [{ markdown: block.text, block: index, kind: block.type }];
    if (block.type === "table") return rowsOf(block.text).map((markdown) => ({ markdown, block: index, kind: "row" }));
    return splitSentences(block.text)
      .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
      .map((sentence) => ({ markdown: sentence.trim(), block: index, kind: "sentence" }));
  });
  if (pieces.length > 0 || content.trim() === "") return pieces;
  return [{ markdown: content.trim(), block: 0, kind: "sentence" }];
}

function rowsOf(table: string): string[] {
  const lines = table.split("\n");
  const rows = lines[1] !== undefined && isTableDelimiter(lines[1]) ? lines.slice(2) : lines;
  return (rows.length > 0 ? rows : lines.slice(0, 1)).filter((row) => /[\p{L}\p{N}]/u.test(row));
}
