import type { RankedChunk } from "./lexical";
import type { CutReason } from "./schema";

const MAX_PASSAGES = 6;
const MAX_TOKENS = 3_000;
/** Of one page, unless nothing else was found: a long page would take all places. */
const MAX_OF_A_PAGE = 3;
/** A passage of another page is worth the place only when it is not much weaker than the best. */
const DIVERSITY_FLOOR = 0.35;
/** Said again where prose was cut: its last sentence or two. */
const MAX_OVERLAP_CHARACTERS = 1_200;
const MIN_OVERLAP_CHARACTERS = 20;

export interface SelectOptions {
  maxPassages?: number;
  /** Estimated, for all passages together. The first one is taken whatever its length. */
  maxTokens?: number;
  /** Told of each passage that is not chosen. */
  onCut?: (chunk: RankedChunk, why: CutReason) => void;
  /** As it was asked, or as it stands alone. When a list of questions holds it, word for word, its answer is what the model reads. */
  question?: string;
}

/** What the model is given as one source. */
export type SelectedPassage = RankedChunk & {
  /** The passages it was put together from, in reading order; mostly one. */
  chunkIds: string[];
};

/**
 * Chooses from ranked passages those that the model reads.
 *
 * Places go by rank, at most three to a page before other pages had their turn. Chosen neighbours of one section become one passage in reading
 * order, at the rank of the better one, without the sentence that both say; it keeps the id and the score of the better one. A passage that
 * does not fit the rest of the budget is passed over for a shorter one.
 * @param found best first
 */
export function selectPassages(
  found: RankedChunk[],
  { maxPassages = MAX_PASSAGES, maxTokens = MAX_TOKENS, question = "", onCut }: SelectOptions = {},
): SelectedPassage[] {
  const written = found.filter((chunk) => answers(question, chunk));
  const ranked = written.length > 0 ? written : found;
  if (written.length > 0) for (const chunk of found) if (!written.includes(chunk)) onCut?.(chunk, "written");
  const chosen: RankedChunk[] = [];
  let tokens = 0;
  const take = (chunk: RankedChunk, whyLate: CutReason): void => {
    const isTooLong = chosen.length > 0 && tokens + chunk.tokenCount > maxTokens;
    if (chosen.length >= maxPassages || isTooLong) onCut?.(chunk, isTooLong ? "length" : whyLate);
    else {
      chosen.push(chunk);
      tokens += chunk.tokenCount;
    }
  };
  const best = ranked[0]?.score ?? 0;
  const ofPage = new Map<string, number>();
  const waiting: { chunk: RankedChunk; why: CutReason }[] = [];
  for (const chunk of ranked) {
    const taken = ofPage.get(chunk.pageId) ?? 0;
    const isWeak = chunk.score < DIVERSITY_FLOOR * best;
    if (taken >= MAX_OF_A_PAGE || isWeak) waiting.push({ chunk, why: isWeak ? "weak" : "page" });
    else {
      ofPage.set(chunk.pageId, taken + 1);
      take(chunk, "places");
    }
  }
  for (const { chunk, why } of waiting) take(chunk, why);
  const places = new Map(ranked.map((chunk, place) => [chunk, place]));
  return mergeNeighbours(chosen.toSorted((x, y) => places.get(x)! - places.get(y)!));
}

/**
 * Whether somebody wrote this answer for this very question, as who corrects an answer does. Beside it a page that says otherwise would only be
 * a contradiction for the model to choose from.
 */
function answers(question: string, { url, headingPath }: RankedChunk): boolean {
  const asked = bare(question);
  return asked !== "" && url.startsWith("qa:") && headingPath.some((heading) => bare(heading) === asked);
}

/** Without case, spaces, and signs. */
const bare = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

function mergeNeighbours(chosen: RankedChunk[]): SelectedPassage[] {
  const groups: RankedChunk[][] = [];
  const rest = new Set(chosen);
  for (const chunk of chosen) {
    if (!rest.delete(chunk)) continue;
    const group = [chunk];
    for (;;) {
      const next = [...rest].find((other) => {
        const at = other.position;
        return isSameSection(chunk, other) && (at === group[0]!.position - 1 || at === group.at(-1)!.position + 1);
      });
      if (!next) break;
      rest.delete(next);
      if (next.position < group[0]!.position) group.unshift(next);
      else group.push(next);
    }
    groups.push(group);
  }
  return groups.map((group) => {
    const first = group.reduce((x, y) => (y.score > x.score ? y : x));
    const content = group.slice(1).reduce((text, { content }) => join(text, content), group[0]!.content);
    return { ...first, content, chunkIds: group.map(({ chunkId }) => chunkId) };
  });
}

/** The same anchor too: a citation leads to it. */
const isSameSection = (x: RankedChunk, y: RankedChunk): boolean =>
  x.pageId === y.pageId &&
  x.title === y.title &&
  x.anchor === y.anchor &&
  x.headingPath.length === y.headingPath.length &&
  x.headingPath.every((heading, index) => heading === y.headingPath[index]);

function join(before: string, after: string): string {
  const longest = Math.min(before.length, after.length, MAX_OVERLAP_CHARACTERS);
  for (let length = longest; length >= MIN_OVERLAP_CHARACTERS; length--)
    if (before.endsWith(after.slice(0, length))) return before + after.slice(length);
  return `${before}\n\n${after}`;
}
