import { type Block, looseBlock, sumText } from "./block";
import { escapeText } from "./inline-markdown";
import type { PageKind } from "./kind";
import { questionsOf, type StructuredFact } from "./structured";
import { comparable } from "./text";

const MAX_QUESTIONS = 50;
const MAX_PAGE_CHARS = 1_000_000;

/**
 * Adds what a page states in JSON-LD but does not show: a product's price, and answers that open on a click. Facts that the text
 * already holds are left alone.
 */
export function addMissingFacts(blocks: Block[], kind: PageKind, facts: readonly StructuredFact[]): Block[] {
  if (facts.length === 0 || blocks.length === 0 || sumText(blocks) > MAX_PAGE_CHARS) return blocks;
  const shown = comparable(blocks.map((block) => block.text).join(" "));
  const added = questionsOf(facts)
    .slice(0, MAX_QUESTIONS)
    .filter(({ answer }) => !shown.includes(comparable(answer).slice(0, 60)))
    .flatMap(({ question, answer }) => [fact("h2", question), ...answer.split("\n").map((line) => fact("p", line))]);
  if (kind === "product") added.unshift(...prices(facts, blocks.map((block) => block.text).join(" ")));
  return added.length > 0 ? [...blocks, ...added] : blocks;
}

function prices(facts: readonly StructuredFact[], shown: string): Block[] {
  const product = facts.find((fact) => fact.type === "Product");
  const offers = (product?.data.offers ?? []) as { price?: string; lowPrice?: string; currency?: string }[];
  const missing = offers.filter(({ price, lowPrice }) => {
    const amount = price ?? lowPrice;
    return amount !== undefined && !digits(shown).includes(digits(amount));
  });
  return missing
    .slice(0, 5)
    .map(({ price, lowPrice, currency }) =>
      fact("p", `Price: ${price ?? `from ${lowPrice}`} ${currency ?? ""}`.trim()),
    );
}

/** "1,299.00" and "1299" are the same price. */
function digits(amount: string): string {
  return amount.replace(/[.,]00\b/g, "").replace(/(?<=\d)[.,'\u00a0 ](?=\d{3})/g, "");
}

function fact(tag: string, text: string): Block {
  return looseBlock(tag, text, escapeText(text));
}
