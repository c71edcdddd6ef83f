import { analyze } from "@/lib/core/text/analyze";
import { joinsWords } from "@/lib/core/text/languages";
import type { Passage } from "../types";
import { type Block, parseSections, type Section } from "./blocks";
import { joinHyphens, type Question, saysLittleInHeading, type Term, type Wish, wishesOf } from "./question";

/** The smallest thing that can be quoted: a sentence, a list item, a table row, a code block, or a whole list. */
export type Unit = {
  passage: Passage;
  section: Section;
  block: Block;
  blockIndex: number;
  /** Sentence, item or row inside the block; -1 for the block as a whole. */
  index: number;
  text: string;
  stems: ReadonlySet<string>;
  /** Stems of text and nearest heading in order, each with a space on both sides: for words that stand beside each other. */
  sequence: string;
  context: Context;
};
type Context = {
  heading: ReadonlySet<string>;
  title: ReadonlySet<string>;
  /** The whole paragraph around a sentence, and everything under its heading. */
  block: ReadonlySet<string>;
  section: ReadonlySet<string>;
  /** The heading asks something itself, as in a list of questions and answers. */
  isQuestion: boolean;
  wishes: ReadonlySet<Wish>;
  /** What the place is for, when that is not to answer visitors. */
  aside: "legal" | "news" | "code" | undefined;
};

export type ScoredUnit = Unit & {
  score: number;
  /** Share of the question's weight that the unit or its headings hold, 0–1. */
  coverage: number;
  /** The same without headings. */
  ownCoverage: number;
  /** The same for the nearest heading alone. */
  headingCoverage: number;
  /** The same for all headings and the title: is the page about this at all? */
  agreement: number;
  /** Neither it nor its headings mention a name or a code of the question. */
  isOffTopic: boolean;
  /** How many telling words of the question stand in its text, and whether a name is among them. */
  found: { words: number; name: boolean };
};

const CREDIT = {
  exact: 1,
  alternative: 0.75,
  similar: 0.6,
  parts: 0.85,
  block: 0.8,
  section: 0.6,
  heading: 0.85,
  title: 0.7,
  nameInTitle: 0.95,
};

/** One link and nothing else, as on a card: it names the page that answers instead of answering. */
const IS_LINK = /^\s*(?:[-*]\s+)?\[[^\]]*\]\([^)\s]*\)[\s.]*$/;

/** Every unit of the passages, best first. */
export function scoreUnits(question: Question, passages: readonly Passage[]): ScoredUnit[] {
  const units = passages.flatMap((passage) => unitsOf(passage, question.language));
  const terms = withCompounds(question, units);
  const weights = weigh(terms, units);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [];
  const rank = new Map(passages.map((passage, index) => [passage, index]));
  return units
    .map((unit) => {
      const { heading, title, block, section, isQuestion } = unit.context;
      const sum = { covered: 0, own: 0, heading: 0, agreement: 0 };
      const found = { words: 0, name: false };
      let missing = 0;
      for (const [i, term] of terms.entries()) {
        const weight = weights[i] ?? 0;
        const inText = match(term, unit.stems);
        const inHeading = match(term, heading) * (isQuestion ? 1 : CREDIT.heading);
        const inTitle = match(term, title) * (term.isRequired ? CREDIT.nameInTitle : CREDIT.title);
        const nearby = Math.max(match(term, block) * CREDIT.block, match(term, section) * CREDIT.section);
        const best = Math.max(inText, inHeading, inTitle, nearby);
        sum.own += weight * inText;
        sum.heading += weight * inHeading;
        sum.agreement += weight * Math.max(inHeading, inTitle);
        sum.covered += weight * best;
        if (term.isRequired && best === 0) missing++;
        if (inText > 0 && term.factor >= 0.5) found.words += isCompound(term, question.language) ? 2 : 1;
        if (inText > 0 && term.isRequired) found.name = true;
      }
      const coverage = sum.covered / total;
      const ownCoverage = sum.own / total;
      const agreement = sum.agreement / total;
      const headingCoverage = sum.heading / total;
      // What retrieval put first is more often right; the text itself counts more than what stands above it.
      const order = 0.04 / (1 + (rank.get(unit.passage) ?? 0));
      const bonus = order + wishBonus(question, unit, agreement) + emphasisBonus(question, unit);
      const asked = isQuestion && headingCoverage >= 0.6 ? 0.1 : 0;
      const penalty =
        lengthPenalty(question.wishes, unit) +
        asidePenalty(question.wishes, unit) +
        (missing > 0 ? 0.4 : 0) +
        (IS_LINK.test(unit.text) ? 0.4 : 0);
      const pairs = pairBonus(question, unit);
      const score =
        coverage + 0.3 * ownCoverage + 0.15 * (agreement + headingCoverage) + asked + pairs + bonus - penalty;
      return { ...unit, score, coverage, ownCoverage, headingCoverage, agreement, isOffTopic: missing > 0, found };
    })
    .sort((a, b) => b.score - a.score);
}

/**
 * Half of a word's weight is its rarity among the units at hand. Not more: what was retrieved is about the question's main word, which
 * is therefore common here, and matters most.
 */
function weigh(terms: readonly Term[], units: readonly Unit[]): number[] {
  const count = units.length;
  return terms.map((term) => {
    const found = units.filter((unit) => match(term, unit.stems) >= CREDIT.similar).length;
    const rarity = Math.log(1 + (count - found + 0.5) / (found + 0.5)) / Math.log(2 + 2 * count);
    return term.factor * (0.5 + 0.5 * rarity);
  });
}

/** As long as two words: what "Versandkosten" names, others write with two. */
const MIN_COMPOUND = 10;
const isCompound = ({ stem }: Term, language: string): boolean => joinsWords(language) && stem.length >= MIN_COMPOUND;

/** `Rückgaberecht` of a text says what a question about "Recht" and "Rückgabe" asks for with two words: it stands for each of them. */
function withCompounds(question: Question, units: readonly Unit[]): Term[] {
  if (!joinsWords(question.language) || question.terms.length < 2) return question.terms;
  const long = [...new Set(units.flatMap(({ stems }) => [...stems]))].filter((stem) => stem.length >= MIN_COMPOUND);
  const parts = question.terms.filter(({ stem }) => stem.length >= 4);
  const joined = parts.flatMap((first) =>
    parts.flatMap((last) =>
      long
        .filter((stem) => stem.startsWith(first.stem) && stem.endsWith(last.stem) && first !== last)
        .filter((stem) => stem.length >= first.stem.length + last.stem.length)
        .map((stem) => ({ stem, terms: [first, last] })),
    ),
  );
  return question.terms.map((term) => {
    const compounds = joined.filter(({ terms }) => terms.includes(term)).map(({ stem }) => stem);
    return compounds.length > 0 ? { ...term, alternatives: new Set([...term.alternatives, ...compounds]) } : term;
  });
}

/** How well a set of stems holds a term, 0–1. */
export function match(term: Term, stems: ReadonlySet<string>): number {
  if (stems.has(term.stem)) return CREDIT.exact;
  for (const alternative of term.alternatives) if (stems.has(alternative)) return CREDIT.alternative;
  if (term.stem.length < 5 || term.factor > 1) return 0;
  let covered = 0;
  let best = 0;
  for (const stem of stems) {
    if (isSimilar(term.stem, stem)) best = CREDIT.similar;
    if (stem.length >= 4 && term.stem.length > 8 && term.stem.includes(stem)) covered += stem.length;
  }
  // `rückgabefrist` of a question is there when `rückgab` and `frist` are.
  return covered >= 0.8 * term.stem.length ? CREDIT.parts : best;
}

/** Compounds (`rückgabe` in `rückgabefrist`), endings that the stemmer left, one typing error in a longer word. */
function isSimilar(a: string, b: string): boolean {
  if (b.length < 5) return false;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.includes(short)) return short.length >= 0.5 * long.length || (short.length >= 6 && long.startsWith(short));
  return short.length >= 6 && long.length - short.length <= 1 && isOneEditAway(short, long);
}

function isOneEditAway(short: string, long: string): boolean {
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  const isSameLength = short.length === long.length;
  if (isSameLength && short[i] === long[i + 1] && short[i + 1] === long[i])
    return short.slice(i + 2) === long.slice(i + 2);
  return short.slice(isSameLength ? i + 1 : i) === long.slice(i + 1);
}

const EMPTY: ReadonlySet<string> = new Set();
const NO_WISHES: ReadonlySet<Wish> = new Set();

function unitsOf(passage: Passage, language: string): Unit[] {
  const stems = (text: string): ReadonlySet<string> => new Set(analyze(withJoined(text), language));
  const path = passage.heading?.split(" › ") ?? [];
  return parseSections(passage.text, language).flatMap((section) => {
    const nearest = section.headings.at(-1) ?? path.at(-1) ?? passage.title;
    // The top of a page stands under its title, which says less about it than a heading of its own would.
    const heading = nearest === passage.title ? EMPTY : stems(nearest);
    const title = stems([passage.title, ...path, ...section.headings].join(" "));
    const isQuestion = heading !== EMPTY && /[?？]\s*$/.test(nearest);
    const wishes = heading === EMPTY ? NO_WISHES : wishesOf(nearest);
    const aside = asideOf(passage, section);
    const all = stems(section.blocks.flatMap((block) => textsOf(block).map(({ text }) => text)).join("\n"));
    const before = sequenceOf(nearest, language);
    return section.blocks.flatMap((block, blockIndex): Unit[] => {
      const around = block.kind === "paragraph" ? stems(block.markdown) : EMPTY;
      const context = { heading, title, block: around, section: all, isQuestion, wishes, aside };
      const leadIn = leadInOf(section, blockIndex);
      return textsOf(block).map(({ index, text }) => {
        const sequence = `${before} |${sequenceOf(text, language)}`;
        const extra = block.kind === "table" ? block.header : block.kind === "paragraph" ? "" : leadIn;
        return {
          passage,
          section,
          block,
          blockIndex,
          index,
          text,
          stems: stems(`${text} ${extra}`),
          sequence,
          context,
        };
      });
    });
  });
}

/** What can be quoted of a block; -1 is the block as a whole. */
function textsOf(block: Block): { index: number; text: string }[] {
  const numbered = (texts: readonly string[]) => texts.map((text, index) => ({ index, text }));
  if (block.kind === "paragraph") return numbered(block.sentences);
  if (block.kind === "table") return numbered(block.rows);
  if (block.kind === "code") return [{ index: -1, text: block.markdown }];
  return [{ index: -1, text: block.items.join("\n") }, ...numbered(block.items)];
}

const sequenceOf = (text: string, language: string) => ` ${analyze(text, language).join(" ")} `;

const LEGAL =
  /\b(?:terms|privacy|legal|gdpr|imprint|impressum|agb|datenschutz|mentions légales|conditions|cookies?)\b/i;
const NEWS = /\b(?:changelog|release notes|press|news|blog|stories|incident|post-?mortem|careers?|jobs?)\b/i;

function asideOf(passage: Passage, section: Section): Context["aside"] {
  const place = `${passage.title} ${passage.url}`;
  if (LEGAL.test(place)) return "legal";
  if (NEWS.test(place)) return "news";
  return section.blocks.some((block) => block.kind === "code") ? "code" : undefined;
}

/** `Wi-Fi` stands in the text as `Wi Fi` and as `WiFi`. */
const withJoined = (text: string) => text.replace(/\p{L}+(?:-\p{L}+)+/gu, (word) => `${word} ${joinHyphens(word)}`);

/** The sentence that introduces a list, a table or code. */
export function leadInOf(section: Section, blockIndex: number): string {
  const before = section.blocks[blockIndex - 1];
  return before?.kind === "paragraph" ? (before.sentences.at(-1) ?? "") : "";
}

const HAS_NUMBER =
  /(?<![€$£¥]\s?)(?<![\w.,])\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|ein(?:e[mnr]?)?|zwei|drei|vier|fünf|sechs)\b(?: (?:or|to|bis) \w+)? (?:(?:working|full|calendar|per) ?)?(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|times?|cent|litres?|liters?|metres?|centimetres?|tage?n?|wochen?|stunden?|minuten?|monate?n?|jahre?n?)\b|\b(?:once|twice|daily|weekly|monthly|yearly|täglich|wöchentlich)\b/i;
const HAS_MONEY = /[€$£¥]\s?\d|\d\s?(?:€|EUR|USD|GBP|CHF|cents?)\b|\b(?:free|kostenlos|gratuit|gratis)\b/i;
const HAS_DURATION =
  /\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|noon|night|tage?n?|wochen?|stunden?|minuten?|jahre?n?|jours?|semaines?|heures?|mois|d[ií]as?|semanas?|horas?)\b/i;
const HAS_PATH = / › |\bhttps?:|@|\]\(/;
const HAS_VERDICT = /\b(?:yes|no|not|cannot|can't|only|never|always|ja|nein|nicht|oui|non|sí)\b/i;

const SHARED_WISHES = ["duration", "money", "steps", "place"] as const;

function wishBonus({ wishes, terms, language }: Question, unit: Unit, agreement: number): number {
  const { block } = unit;
  const text = unit.text.replace(/^\s*(?:\d{1,3}[.)]|[-*+])\s+/gm, "");
  const isStepList = block.kind === "list" && block.isOrdered && unit.index === -1;
  const { heading, wishes: ownWishes } = unit.context;
  // "When does the money come?" asks when, but about something else than "How long can I return it?".
  const isSameTopic = [...heading].every(
    (stem) => saysLittleInHeading(stem, language) || terms.some((term) => match(term, new Set([stem])) > 0),
  );
  const headingWishes = isSameTopic ? ownWishes : NO_WISHES;
  // A section called "What it costs" or "How long is normal?" was written for such a question.
  let bonus = SHARED_WISHES.some((wish) => wishes.has(wish) && headingWishes.has(wish)) ? 0.12 : 0;
  if (wishes.has("number"))
    bonus += HAS_NUMBER.test(text) || (wishes.has("money") && HAS_MONEY.test(text)) ? 0.15 : -0.25;
  if (wishes.has("money")) bonus += HAS_MONEY.test(text) ? 0.15 : 0;
  if (wishes.has("duration")) bonus += HAS_DURATION.test(text) ? 0.08 : 0;
  if (wishes.has("steps")) bonus += isStepList && agreement >= 0.35 ? 0.25 : HAS_PATH.test(text) ? 0.08 : 0;
  if (wishes.has("code")) bonus += block.kind === "code" ? 0.12 : text.includes("`") ? 0.04 : 0;
  else if (block.kind === "code") bonus -= 0.1;
  if (wishes.has("place")) bonus += HAS_PATH.test(text) ? 0.08 : 0;
  if (wishes.has("yesNo")) bonus += HAS_VERDICT.test(text) ? 0.04 : 0;
  if (wishes.has("list")) bonus += block.kind === "list" && unit.index === -1 ? 0.05 : 0;
  return bonus;
}

/** Long units hold many words by accident; a whole list earns its place through the wish for steps. */
function lengthPenalty(wishes: ReadonlySet<Wish>, unit: Unit): number {
  const over = Math.max(0, unit.text.length - 160) / 1_000;
  const isWholeList = unit.index === -1 && unit.block.kind === "list";
  return Math.min(0.25, over) + (isWholeList ? (wishes.has("steps") || wishes.has("list") ? 0.05 : 0.15) : 0);
}

/** Terms of use, news and developer pages repeat what the help pages say, in words that fewer people want. */
function asidePenalty(wishes: ReadonlySet<Wish>, { context: { aside } }: Unit): number {
  return aside === undefined || wishes.has(aside) ? 0 : 0.12;
}

/** Neighbours in the question that are neighbours in the text: `old garden` is not any old thing near a garden. */
function pairBonus({ terms }: Question, unit: Unit): number {
  let found = 0;
  for (const [i, { stem }] of terms.entries()) {
    const next = terms[i + 1]?.stem;
    if (next && unit.sequence.includes(` ${stem} ${next} `)) found++;
  }
  return terms.length > 1 ? (0.2 * found) / (terms.length - 1) : 0;
}

/** Writers set in bold what they want to be found. */
function emphasisBonus(question: Question, unit: Unit): number {
  const bold = unit.text.match(/\*\*[^*]+\*\*/g)?.join(" ");
  if (!bold) return 0;
  if (question.wishes.has("number") && HAS_NUMBER.test(bold)) return 0.06;
  const stems = new Set(analyze(bold, question.language));
  return question.terms.some((term) => term.factor >= 1 && match(term, stems) > 0) ? 0.05 : 0;
}
