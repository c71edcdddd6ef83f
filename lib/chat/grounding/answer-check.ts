import { detectLanguage } from "@/lib/core/text/detect-language";
import { withoutInvisible } from "../policy/invisible";
import { reduceLinks } from "../policy/reduce-links";
import { Secrets } from "../policy/secrets";
import type { Check } from "../schema";
import { checkSentence, inventedWithoutCitation } from "./check-sentence";
import { Evidence } from "./evidence";
import { HAN_DIGITS } from "./han-numbers";
import type { Sentence } from "./judge";
import { isNumberWord, mayBecomeNumber } from "./numbers";
import { sentenceEnd } from "./sentence-end";

/** A sentence that does not end by then is checked as far as it goes. */
const MAX_HELD_CHARACTERS = 1_000;
const LANGUAGE_CHARACTERS = 600;
/** What makes a sentence wait: digits, links, markup, addresses, camel case (Base64); not the citations, which are ours. */
const TRIGGER =
  /[\p{Nd}\p{No}@<=]|\[(?!\d{1,3}\])|!(?=\[)|[\p{L}\p{N}]\.[\p{L}\p{N}]|\p{Ll}\p{Lu}|[hH][tT]{2}[pP][sS]?:|[wW]{3}\./u;
const HAN_NUMBER = new RegExp(`[${HAN_DIGITS}]`, "u");
const SCHEME = /(?:javascript|vbscript|data|blob|file|tel|sms|mailto|ftp|wss?):/iu;
const CITATIONS = /\[\d{1,3}\]/g;
const SCHEMES = ["https:", "www.", "javascript:", "vbscript:", "data:", "blob:", "file:", "mailto:", "ftp:"];
const LETTERS = /[\p{L}-]+/gu;

/** Where the answer goes: text to show, and before it whether the list of checks has grown. */
export type Show = (text: string, hasNewChecks: boolean) => void;

/** What an answer may say, and what it may not. */
export interface AnswerLimits {
  /** In the order of their numbers. */
  passages: readonly { text: string; title: string; heading?: string; url: string }[];
  /** What may be repeated though no page says it: questions, the agent's name, its sentence for not knowing. */
  said: readonly string[];
  language: string;
  rules: string;
  instructions: string;
}

/** A check for one answer; feed it with `push`, and `end` it. */
export function checkAnswer({ passages, said, language, rules, instructions }: AnswerLimits, show: Show): AnswerCheck {
  const evidence = new Evidence(
    passages.map(({ heading = "", ...passage }) => ({ ...passage, heading })),
    said,
    language,
  );
  return new AnswerCheck(evidence, new Secrets(rules, instructions, (text) => isKnown(evidence, text)), show);
}

/** No secret, however much it looks like one: a passage says it, or the address of one, as `/articles/360012345-returns` does. */
const isKnown = (evidence: Evidence, text: string): boolean => evidence.includes(text) || evidence.isOfAddress(text);

/**
 * Stands between the model and the visitor. Text without figures passes as it comes; from the first figure, link or markup on a
 * sentence waits until it is complete and checked, so that nothing unsupported is seen unmarked and no link outside the sources
 * at all. A stream cut anywhere gives the same text and the same checks.
 */
export class AnswerCheck {
  readonly checks: Check[] = [];
  /** Those that are complete, with their places in the answer. */
  readonly sentences: Sentence[] = [];
  /** The sentence so far, of which `shown` characters have left. */
  private sentence = "";
  private shown = 0;
  private isHeld = false;
  /** Characters of the answer before this sentence. */
  private offset = 0;
  private begun = "";
  private pending = "";
  private inRow = false;
  private inCode = false;

  constructor(
    private readonly evidence: Evidence,
    private readonly secrets: Secrets,
    private readonly show: Show,
  ) {}

  push(piece: string): void {
    const text = this.pending + piece;
    // A joiner, or half of a surrogate pair, is judged with what follows.
    const kept = /(?:\u200C|\u200D|[\uD800-\uDBFF])+$/.exec(text)?.index ?? text.length;
    this.pending = text.slice(kept);
    this.take(withoutInvisible(text.slice(0, kept)));
  }

  end(): void {
    this.take(withoutInvisible(this.pending));
    this.pending = "";
    if (this.sentence) this.finish(this.sentence);
    this.sentence = "";
    const language = detectLanguage(this.begun, this.evidence.language);
    const invented = inventedWithoutCitation(this.sentences, language, this.evidence).filter(({ start, end }) =>
      this.checks.every((check) => check.end <= start || check.start >= end),
    );
    for (const { start, end } of invented) this.checks.push({ start, end, kind: "support", items: [] });
    if (invented.length > 0) this.show("", true);
  }

  private take(text: string): void {
    this.sentence += text;
    for (;;) {
      if (!this.inRow && /^[ \t>]*\|/.test(this.sentence)) this.inRow = true;
      let end = sentenceEnd(this.sentence, this.inRow);
      if (end < 0 && this.sentence.length > MAX_HELD_CHARACTERS)
        end = this.sentence.lastIndexOf(" ") + 1 || this.sentence.length;
      if (end < 0) break;
      end = Math.max(end, this.shown);
      const rest = this.sentence.slice(end);
      this.finish(this.sentence.slice(0, end));
      this.sentence = rest;
    }
    if (!this.isHeld) this.showSafe();
  }

  /** Shows what can be shown of a sentence that has no end yet. */
  private showSafe(): void {
    const fresh = this.sentence.slice(this.shown);
    if (!fresh) return;
    const trigger = triggerIn(this.sentence, this.shown);
    this.isHeld = trigger >= 0 || this.secrets.mayLeak(this.sentence);
    const until = this.isHeld ? Math.max(this.shown, trigger) : this.sentence.length - this.undecided(fresh);
    if (until <= this.shown) return;
    const text = this.sentence.slice(this.shown, until);
    this.shown = until;
    this.show(text, false);
  }

  private finish(sentence: string): void {
    const before = sentence.slice(0, this.shown);
    const { evidence } = this;
    const isFence = /^\s*(?:`{3,}|~{3,})/.test(sentence);
    if (isFence) this.inCode = !this.inCode;
    const { text: allowed, removed } = reduceLinks(sentence.slice(this.shown), {
      allows: (address) => evidence.allowsAddress(address),
      keeps: (tag) => evidence.includes(tag),
      inCode: this.inCode,
    });
    const text = this.secrets.redact(before + allowed, before.length);
    const reduced = text.slice(before.length);
    if (this.begun.length < LANGUAGE_CHARACTERS) this.begun += text;
    const language = detectLanguage(this.begun, evidence.language);
    const faults = isFence ? [] : checkSentence(text, language, evidence);
    if (removed.length > 0) faults.push({ kind: "link", items: [] });
    const start = /^(?:[\s>#|]|[-*+]\s|\d{1,3}[.)]\s)*/.exec(text)![0].length;
    const end = text.replace(/[\s|]+$/, "").length;
    if (!isFence && end > start)
      this.sentences.push({ start: this.offset + start, end: this.offset + end, text: text.slice(start, end) });
    const isMarked = faults.length > 0 && end > start;
    if (isMarked)
      for (const { kind, items } of faults)
        this.checks.push({ start: this.offset + start, end: this.offset + end, kind, items });
    this.offset += text.length;
    this.shown = 0;
    this.isHeld = false;
    if (text.includes("\n")) this.inRow = false;
    if (reduced || isMarked) this.show(reduced, isMarked);
  }

  /** How much of the end may yet become a figure, a link or a secret with the next piece. */
  private undecided(fresh: string): number {
    const tail = /[\p{L}\p{N}_:.-]*[![]?$/u.exec(fresh)![0];
    const word = tail.replace(/[![]$/, "").toLowerCase();
    if (tail.length > word.length) return tail.length;
    const waits =
      word &&
      (mayBecomeNumber(word) ||
        /h(?:t(?:t(?:ps?:?)?)?)?$/.test(word) ||
        SCHEMES.some((scheme) => scheme.startsWith(word)) ||
        this.secrets.mayBecomeCode(word));
    return waits ? tail.length : 0;
  }
}

/** Where a sentence has to wait from: the beginning of the word that holds the first figure or link; -1 for nowhere. */
function triggerIn(sentence: string, from: number): number {
  const masked = sentence.replace(CITATIONS, (marker) => " ".repeat(marker.length));
  const start = Math.max(0, masked.lastIndexOf(" ", from - 1));
  const tail = masked.slice(start);
  const found = [TRIGGER, SCHEME, HAN_NUMBER].flatMap((pattern) => pattern.exec(tail)?.index ?? []);
  let at = found.length > 0 ? start + Math.min(...found) : -1;
  for (const word of tail.matchAll(LETTERS)) {
    if (at >= 0 && start + word.index >= at) break;
    if (isNumberWord(word[0])) at = start + word.index;
  }
  if (at < 0) return -1;
  const gap = Math.max(masked.lastIndexOf(" ", at), masked.lastIndexOf("\n", at)) + 1;
  return Math.max(from, Math.min(at, gap));
}
