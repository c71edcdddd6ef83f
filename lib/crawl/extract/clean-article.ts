import { type Block, isCellBlock, isHeadingBlock, sumText } from "./block";
import {
  ARTICLE_TAIL,
  BOILERPLATE_LINE,
  DATE_OR_BYLINE,
  READ_MORE,
  READ_MORE_LABEL,
  SIGN_OFF,
  TOPIC_LINE,
} from "./phrases";
import { dataCellOf } from "./render-table";
import { comparable } from "./text";

/** How far from the end a sign-off is looked for. */
const SIGN_OFF_BLOCKS = 4;

/**
 * An article's blocks without title, dates, bylines, "read more" lines, duplicates and what follows the end of the text.
 * @param titles comparable forms of the page's title, og:title
 */
export function cleanArticle(blocks: readonly Block[], titles: readonly string[]): Block[] {
  const title = new TitleTest(titles);
  let result = afterTitle(blocks, title);
  result = result.filter((block) => !(block.tag === "h1" && title.matches(block.text)));
  result = withoutFragmentsAtTheEnds(result);
  result = withoutDuplicates(result);
  result = withoutSignOff(beforeTail(result));
  const { length } = result;
  return result
    .filter((block, index) => !((index < 4 || index >= length - 2) && isDateLine(block)))
    .filter((block) => !isLinkLine(block))
    .filter((block) => !isBoilerplate(block));
}

function isBoilerplate(block: Block): boolean {
  if (block.tag === "pre" || block.text.length > 90) return false;
  return BOILERPLATE_LINE.test(block.text) && !dataCellOf(block);
}

class TitleTest {
  constructor(private readonly titles: readonly string[]) {}

  /** The same words, one end of the title (the rest is the site's name), or the title and a little more. */
  matches(text: string): boolean {
    const words = comparable(text);
    if (words.length <= 3) return false;
    return this.titles.some((title) => {
      if (title === words || (title.length > 12 && words.startsWith(title))) return true;
      if (words.length <= 8 || words.length < title.length * 0.4) return false;
      return title.startsWith(words) || title.endsWith(words);
    });
  }
}

function afterTitle(blocks: readonly Block[], title: TitleTest): Block[] {
  const at = blocks.slice(0, 6).findIndex((block, index) => {
    const mayBeTitle = /^h[1-3]$/.test(block.tag) || (index < 3 && block.tag !== "p" && block.text.length > 15);
    return mayBeTitle && title.matches(block.text);
  });
  const rest = blocks.slice(at + 1);
  let seen = 0;
  for (let i = 0; i < rest.length && i < 8 && seen < 300; i++) {
    if (rest[i]!.tag === "h1") return rest.slice(i + 1);
    seen += rest[i]!.text.length;
  }
  return rest;
}

function withoutFragmentsAtTheEnds(blocks: Block[]): Block[] {
  let first = 0;
  while (first < blocks.length && first < 8 && !isRealText(blocks[first]!)) first++;
  const rest = first < blocks.length && first < 8 ? blocks.slice(first) : blocks;
  let end = rest.length;
  while (end > 1 && rest.length - end < 6 && !isRealText(rest[end - 1]!) && rest[end - 1]!.linkShare > 0.5) end--;
  return rest.slice(0, end);
}

function isRealText(block: Block): boolean {
  if (block.tag === "p" && !(block.text.length < 90 && DATE_OR_BYLINE.test(block.text))) return true;
  return block.text.length > 110 || /^(?:h[2-6]|pre|li|t[dh]|blockquote)$/.test(block.tag);
}

function withoutDuplicates(blocks: Block[]): Block[] {
  const seen = new Set<string>();
  return blocks.filter((block) => {
    if (block.text.length < 60 || block.tag === "td" || block.tag === "pre") return true;
    const words = comparable(block.text);
    if (seen.has(words)) return false;
    seen.add(words);
    return true;
  });
}

/** Cuts at a tail phrase in the last two thirds when little prose follows it. */
function beforeTail(blocks: Block[]): Block[] {
  const total = sumText(blocks);
  const isProse = (b: Block) => (b.tag === "p" ? b.text.length > 80 : b.text.length > 160) && b.linkShare < 0.3;
  let following = total;
  let followingProse = sumText(blocks.filter(isProse));
  for (const [index, block] of blocks.entries()) {
    const seen = total - following;
    following -= block.text.length;
    if (isProse(block)) followingProse -= block.text.length;
    if (block.text.length >= 90 || seen <= total * 0.35 || !ARTICLE_TAIL.test(block.text)) continue;
    if (followingProse < following * 0.4 || following < 60) return blocks.slice(0, index);
  }
  return blocks;
}

/** Drops the last lines from the first sign-off on. */
function withoutSignOff(blocks: Block[]): Block[] {
  let end = blocks.length;
  for (let i = blocks.length - 1; i > 0 && i >= blocks.length - SIGN_OFF_BLOCKS; i--) {
    const { text } = blocks[i]!;
    if (text.length > 400 && !SIGN_OFF.test(text)) break;
    if (SIGN_OFF.test(text)) end = i;
  }
  return blocks.slice(0, end);
}

function isDateLine(block: Block): boolean {
  if (block.text.length >= 90 || block.tag === "li" || block.tag === "td") return false;
  return DATE_OR_BYLINE.test(block.text) && !/[.!?]["”]?$/.test(block.text);
}

function isLinkLine(block: Block): boolean {
  const { text, linkShare } = block;
  const isReadMore = READ_MORE.test(text.slice(0, 300));
  if (isReadMore && linkShare > 0.3 && text.length < 250) return true;
  if (linkShare > 0.6 && text.length < 400 && READ_MORE_LABEL.test(text)) return true;
  if (linkShare > 0.5 && TOPIC_LINE.test(text)) return true;
  if (linkShare <= 0.8 || isHeadingBlock(block) || block.tag === "li" || isCellBlock(block)) return false;
  // A printed address is a citation.
  if (/^https?:\/\/\S+$/.test(text)) return false;
  return isReadMore || text.length < 100;
}

/** Headings that nothing follows. */
export function withoutTrailingHeadings(blocks: Block[]): Block[] {
  let end = blocks.length;
  while (end > 0 && isHeadingBlock(blocks[end - 1]!)) end--;
  return blocks.slice(0, end);
}
