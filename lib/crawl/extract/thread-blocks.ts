import { type Block, looseBlock } from "./block";
import { collectBlocks } from "./collect-blocks";
import { comparable } from "./text";
import type { Post, Thread } from "./thread";

/**
 * A thread as blocks: its name, the question, and every contribution in the page's order under a heading that says what it is. Where
 * there are answers the headings are of the second level, so that each is a passage of its own; the replies of a conversation, which lean
 * on each other, stand under the third.
 */
export function threadBlocks({ posts }: Thread, heading: string | undefined, baseUrl: string | undefined): Block[] {
  const hasAnswers = posts.some(({ role, isAccepted }) => role === "answer" || isAccepted);
  const blocks: Block[] = heading ? [looseBlock("h1", heading)] : [];
  for (const [index, post] of posts.entries()) {
    const written = collectBlocks(post.body, { isArticle: false, isRelaxed: false, baseUrl }).filter(
      (block) => !isTitleAgain(block, heading),
    );
    if (written.length === 0) continue;
    if (index > 0) blocks.push(looseBlock(hasAnswers ? "h2" : "h3", labelOf(post)));
    blocks.push(...written);
  }
  return blocks;
}

/** Mail-like forums repeat the title above every post. */
function isTitleAgain(block: Block, heading: string | undefined): boolean {
  return (
    /^h[1-6]$/.test(block.tag) &&
    heading !== undefined &&
    comparable(block.text).replace(/^(?:re|aw|sv) /, "") === comparable(heading)
  );
}

function labelOf({ role, isAccepted }: Post): string {
  if (isAccepted) return "Accepted answer";
  return role === "answer" ? "Answer" : "Reply";
}
