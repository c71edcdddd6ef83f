import { type Block, looseBlock, sumText } from "./block";
import { escapeText } from "./inline-markdown";
import type { PageKind } from "./kind";
import { type FactOf, questionsOf, type StructuredFact } from "./structured";
import { comparable } from "./text";
import type { PageNode } from "./tree";

const MAX_QUESTIONS = 50;
const MAX_PAGE_CHARS = 1_000_000;
const MAX_OFFERS = 5;
const COMPARED_CHARS = 60;

/**
 * Adds what a page states in JSON-LD but does not show: answers that open on a click, the steps of a how-to, price and properties of a
 * product, how to reach a business. What the text already holds is left alone. Articles get questions and steps only.
 */
export function addMissingFacts(blocks: Block[], kind: PageKind, facts: readonly StructuredFact[]): Block[] {
  if (facts.length === 0 || blocks.length === 0 || sumText(blocks) > MAX_PAGE_CHARS) return blocks;
  const shown = new Shown(blocks);
  const added = [
    ...(kind === "product" ? properties(productLines(facts, shown)) : []),
    ...(kind === "other" ? properties(businessLines(facts, shown)) : []),
    ...questions(facts, shown),
    ...steps(facts, shown),
  ];
  return added.length > 0 ? [...blocks, ...added] : blocks;
}

/** What the page shows, to look for a stated text in it. */
class Shown {
  // Made when first asked for: what most pages state is a trail of crumbs or a date, which nobody looks for.
  #words: string | undefined;
  #amounts: ReadonlySet<number> | undefined;

  constructor(private readonly blocks: readonly Block[]) {}

  /** Whether the beginning stands in the text, letter for letter but for punctuation. */
  has(text: string): boolean {
    const words = comparable(text);
    this.#words ??= ` ${comparable(this.text())} `;
    return this.#words.includes(words.length > COMPARED_CHARS ? words.slice(0, COMPARED_CHARS) : ` ${words} `);
  }

  hasAmount(amount: string): boolean {
    this.#amounts ??= new Set(this.text().match(AMOUNT)?.map(amountOf));
    return this.#amounts.has(amountOf(amount));
  }

  private text(): string {
    return this.blocks.map((block) => block.text).join(" ");
  }
}

function questions(facts: readonly StructuredFact[], shown: Shown): Block[] {
  return questionsOf(facts)
    .slice(0, MAX_QUESTIONS)
    .filter(({ answer }) => !shown.has(answer))
    .flatMap(({ question, answer }) => [loose("h2", question), ...answer.split("\n").map((line) => loose("p", line))]);
}

/** Steps of which the page shows none or few; a page that tells them in its own words has most of them. */
function steps(facts: readonly StructuredFact[], shown: Shown): Block[] {
  return facts.flatMap((fact) => {
    if (fact.type !== "HowTo") return [];
    const { name, steps } = fact.data as FactOf["HowTo"];
    if (steps.filter((step) => shown.has(step)).length * 2 >= steps.length) return [];
    return [loose("h2", name), ...list(steps, (index) => `${index + 1}. `)];
  });
}

function productLines(facts: readonly StructuredFact[], shown: Shown): string[] {
  const products = facts.filter(({ type }) => type === "Product");
  const product = products[0]?.data as FactOf["Product"] | undefined;
  // Several products are a list of other ones, or variants that the page tells apart itself.
  if (!product || products.length > 1) return [];
  const { offers, brand, sku, gtin, rating, reviewCount, properties: stated, description } = product;
  const prices = offers.flatMap(({ price, lowPrice, currency }) => {
    const amount = price ?? lowPrice;
    if (amount === undefined || shown.hasAmount(amount)) return [];
    return [`Price: ${price ?? `from ${lowPrice}`} ${currency ?? ""}`.trim()];
  });
  const availability = offers.find((offer) => offer.availability)?.availability;
  return [
    ...(description && !shown.has(description) ? [description] : []),
    ...new Set(prices.slice(0, MAX_OFFERS)),
    ...(availability && !shown.has(spaced(availability)) ? [`Availability: ${spaced(availability)}`] : []),
    ...unshown({ Brand: brand, SKU: sku, GTIN: gtin }, shown),
    ...(stated ?? []).filter(({ value }) => !shown.has(value)).map(({ name, value }) => `${name}: ${value}`),
    ...(rating && !shown.hasAmount(rating)
      ? [`Rating: ${rating}${reviewCount ? ` (${reviewCount} reviews)` : ""}`]
      : []),
  ];
}

function businessLines(facts: readonly StructuredFact[], shown: Shown): string[] {
  return facts.flatMap((fact) => {
    if (!("openingHours" in fact.data || "telephone" in fact.data || "email" in fact.data || "address" in fact.data))
      return [];
    const { name, telephone, email, address, openingHours } = fact.data as FactOf["Organization"];
    const street = address?.split(",")[0] ?? "";
    const missing = [
      ...unshown({ Telephone: telephone, "E-mail": email }, shown),
      ...(address && !shown.has(street) ? [`Address: ${address}`] : []),
      ...(openingHours ?? []).filter((hours) => !shown.has(hours)).map((hours) => `Opening hours: ${hours}`),
    ];
    return missing.length > 0 && !shown.has(name) ? [name, ...missing] : missing;
  });
}

function unshown(values: Record<string, string | undefined>, shown: Shown): string[] {
  return Object.entries(values).flatMap(([label, value]) => (value && !shown.has(value) ? [`${label}: ${value}`] : []));
}

const properties = (lines: readonly string[]) => list(lines, () => "- ");

/** Loose lines as one list. */
function list(lines: readonly string[], marker: (index: number) => string): Block[] {
  const node = {} as PageNode;
  return lines.map((line, index) => ({
    ...loose("li", line.replace(/\s+/g, " ")),
    container: { kind: "item", node: {} as PageNode, parent: null, list: node, marker: marker(index) },
  }));
}

/** "InStock" → "in stock". */
const spaced = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();

const AMOUNT = /\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d{1,2})?(?!\d)/g;

/** "1,299.00", "1.299" and "1299" are the same price. */
function amountOf(written: string): number {
  const fraction = /[.,](\d{1,2})$/.exec(written)?.[1] ?? "";
  const whole = fraction ? written.slice(0, -fraction.length - 1) : written;
  return Number(`${whole.replace(/\D/g, "")}.${fraction || 0}`);
}

function loose(tag: string, text: string): Block {
  return looseBlock(tag, text, escapeText(text));
}
