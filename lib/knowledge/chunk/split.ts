import { isTableDelimiter } from "./blocks";
import { byteLength, sizeOf } from "./size";

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** Marks of a sentence's end inside a link's target or a code span end nothing. */
const OPAQUE = /\]\([^()\s]*\)|`[^`\n]+`|https?:\/\/\S+/g;

/** Sentences with the white space behind them: joined they give the text again. */
export function splitSentences(text: string): string[] {
  const masked = text.replace(
    OPAQUE,
    (piece) => "x".repeat(piece.length - 1) + (/[.!?…]$/.test(piece) ? piece.at(-1) : "x"),
  );
  return Array.from(sentences.segment(masked), ({ segment, index }) => text.slice(index, index + segment.length));
}

/**
 * Cuts text into parts of at most `maxSize` (see sizeOf), at the largest border that fits: lines, then sentences, then words, then anywhere
 * but inside a character. Joined, the parts give the text again, but for white space that would be a part of its own: one character is left of it,
 * which the part before may have beyond `maxSize`.
 */
export function splitText(text: string, maxSize: number): string[] {
  if (sizeOf(text) <= maxSize) return [text];
  const parts: string[] = [];
  for (const line of text.split(/(?<=\n)/))
    for (const part of sizeOf(line) <= maxSize ? [line] : splitLine(line, maxSize)) {
      const before = parts.at(-1);
      if (part.trim() !== "") parts.push(part);
      else if (before !== undefined && before.trimEnd() === before) parts[parts.length - 1] = before + part[0];
    }
  return parts;
}

function splitLine(line: string, maxSize: number): string[] {
  return splitSentences(line).flatMap((sentence) =>
    sizeOf(sentence) <= maxSize ? [sentence] : packParts(sentence.split(/(?<=\s)(?=\S)/), maxSize),
  );
}

/** Joins parts while they fit; a part that is too large alone is cut between characters. */
function packParts(parts: string[], maxSize: number): string[] {
  const packed: string[] = [];
  let current = "";
  let size = 0;
  for (const part of parts.flatMap((word) => (sizeOf(word) <= maxSize ? [word] : cut(word, maxSize)))) {
    const partSize = sizeOf(part);
    if (current && size + partSize > maxSize) {
      packed.push(current);
      current = "";
      size = 0;
    }
    current += part;
    size += partSize;
  }
  if (current) packed.push(current);
  return packed;
}

function cut(word: string, maxSize: number): string[] {
  const parts: string[] = [];
  // Three bytes a UTF-16 unit at most.
  const step = Math.max(1, Math.floor(sizeOf(word) > word.length ? maxSize / 2.25 : maxSize));
  for (let start = 0; start < word.length; ) {
    let end = Math.min(start + step, word.length);
    const code = word.charCodeAt(end - 1);
    if (end < word.length && end - start > 1 && code >= 0xd800 && code <= 0xdbff) end--;
    parts.push(word.slice(start, end));
    start = end;
  }
  return parts;
}

/** Cuts a fence at line ends; every part is a fence of its own with the same marks and language. */
export function splitFence(text: string, maxSize: number): string[] {
  const lines = text.split("\n");
  const open = lines[0]!.trimStart();
  const marks = /^(?:`+|~+)/.exec(open)?.[0] ?? "```";
  const room = Math.max(maxSize - 2 * sizeOf(open) - 2, 200);
  const body = lines.slice(1, -1).join("\n");
  return packParts(
    body
      .split(/(?<=\n)/)
      .flatMap((line) => (sizeOf(line) <= room ? [line] : packParts(line.split(/(?<=\s)(?=\S)/), room))),
    room,
  )
    .map((part) => part.replace(/^\n+|\n+$/g, ""))
    .filter((part) => part.trim())
    .map((part) => `${open}\n${part}\n${marks}`);
}

/** Cuts a table between rows and repeats its head, unless that alone takes a quarter of the room. */
export function splitTable(text: string, maxSize: number, maxBytes: number): string[] {
  const lines = text.split("\n");
  const headLines = lines[1] !== undefined && isTableDelimiter(lines[1]) ? 2 : 0;
  const head = lines.slice(0, headLines).join("\n");
  const repeats = headLines > 0 && sizeOf(head) <= maxSize / 4;
  const rows = repeats ? lines.slice(headLines) : lines;
  const prefix = repeats ? `${head}\n` : "";
  const room = maxSize - sizeOf(prefix);
  const total = rows.reduce((sum, row) => sum + sizeOf(row) + 1, 0);
  const ideal = total / Math.ceil(total / room);
  const parts: string[] = [];
  let current = "";
  let size = 0;
  const flush = () => {
    if (current) parts.push(prefix + current);
    current = "";
    size = 0;
  };
  for (const row of rows) {
    const rowSize = sizeOf(row) + 1;
    if (current && (size + rowSize > room || size + rowSize / 2 > ideal)) flush();
    if (byteLength(prefix) + byteLength(row) > maxBytes) {
      flush();
      for (const piece of splitLine(row, room)) parts.push(prefix + piece.trim());
      continue;
    }
    current = current ? `${current}\n${row}` : row;
    size += rowSize;
  }
  flush();
  return parts;
}
