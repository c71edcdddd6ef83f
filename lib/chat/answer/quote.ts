import { analyze } from "@/lib/core/text/analyze";
import { plainText, type Quotable, quotables } from "@/lib/knowledge";

const QUOTE_CHARACTERS = 240;
/** A sentence shorter than this is quoted with the ones behind it. */
const SHORT_CHARACTERS = 100;
const CELL_SEPARATOR = " · ";

interface Quote {
  /** Plain text, at most 240 characters and an ellipsis; the cells of a row parted by a dot. */
  text: string;
  /** The piece of the passage that the citation's link marks, as Markdown. */
  markdown: string;
}

/**
 * The piece of a cited passage that says what the answer says: of a table the row, of a list the item, of prose the sentence.
 * @param claim what the answer says with this passage's number, in any words
 */
export function quoteFor(
  content: string,
  { claim, question, language }: { claim: string; question: string; language: string },
): Quote {
  const read = readPieces(content, language);
  const best = bestPiece(read, stemsOf(claim, language), stemsOf(question, language));
  if (!best) return { text: "", markdown: content };
  const markdown = best.kind === "sentence" ? withNext(best, read.pieces) : best.markdown;
  return { text: shortened(wordsOf(best.kind, markdown)), markdown };
}

/** What an answer says with each number: the text before a marker, back to the marker before. */
export function claimsOf(answer: string): Map<number, string> {
  const claims = new Map<number, string>();
  let from = 0;
  for (const marker of answer.matchAll(/(?:\[\d{1,2}\]\s?)+(?!\()/g)) {
    const said = answer.slice(from, marker.index);
    for (const [, number] of marker[0].matchAll(/\[(\d+)\]/g))
      claims.set(Number(number), `${claims.get(Number(number)) ?? ""} ${said}`);
    from = marker.index + marker[0].length;
  }
  return claims;
}

interface Pieces {
  pieces: readonly Quotable[];
  /** Stems of each piece; and of each stem its weight: words that few pieces have weigh most. */
  stems: readonly ReadonlySet<string>[];
  weights: ReadonlyMap<string, number>;
}

const MAX_KNOWN = 500;
/** By language and text: passages are quoted again and again. */
const knownPieces = new Map<string, Pieces>();

function readPieces(content: string, language: string): Pieces {
  const key = `${language}\n${content}`;
  const known = knownPieces.get(key);
  if (known) return known;
  if (knownPieces.size >= MAX_KNOWN) knownPieces.clear();
  const pieces = quotables(content);
  const stems = pieces.map(({ markdown }) => stemsOf(markdown, language));
  const weights = new Map<string, number>();
  for (const set of stems) for (const stem of set) weights.set(stem, (weights.get(stem) ?? 0) + 1);
  for (const [stem, frequency] of weights) weights.set(stem, Math.log(1 + pieces.length / frequency));
  const read = { pieces, stems, weights };
  knownPieces.set(key, read);
  return read;
}

const stemsOf = (text: string, language: string): ReadonlySet<string> => new Set(analyze(plainText(text), language));

/**
 * What the answer repeats of a piece counts by how much of the piece that is: an answer that quotes a whole table repeats every row, and then
 * the question's words decide.
 */
function bestPiece(
  { pieces, stems, weights }: Pieces,
  claim: ReadonlySet<string>,
  question: ReadonlySet<string>,
): Quotable | undefined {
  let best = pieces[0];
  let bestScore = 0;
  for (const [index, piece] of pieces.entries()) {
    let total = 0;
    let claimed = 0;
    let asks = 0;
    for (const stem of stems[index]!) {
      const weight = weights.get(stem)!;
      total += weight;
      if (claim.has(stem)) claimed += weight;
      if (question.has(stem)) asks += weight;
    }
    const score = total === 0 ? 0 : (claimed * claimed) / total + asks;
    if (score > bestScore) {
      best = piece;
      bestScore = score;
    }
  }
  return best;
}

function withNext(piece: Quotable, pieces: readonly Quotable[]): string {
  let markdown = piece.markdown;
  for (const next of pieces.slice(pieces.indexOf(piece) + 1)) {
    if (next.block !== piece.block || markdown.length >= SHORT_CHARACTERS) break;
    if (markdown.length + next.markdown.length > QUOTE_CHARACTERS) break;
    markdown += ` ${next.markdown}`;
  }
  return markdown;
}

function wordsOf(kind: Quotable["kind"], markdown: string): string {
  const lines = plainText(markdown)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.join(kind === "row" ? CELL_SEPARATOR : " ").replace(/\s+/g, " ");
}

/** Cut at a word. */
function shortened(text: string): string {
  if (text.length <= QUOTE_CHARACTERS) return text;
  return `${text.slice(0, text.lastIndexOf(" ", QUOTE_CHARACTERS) + 1 || QUOTE_CHARACTERS).trimEnd()}…`;
}
