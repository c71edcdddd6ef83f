import { WIDGET_LANGUAGES } from "@/lib/agents/schema";
import { normalizeWord, readWords } from "@/lib/core/text/analyze";
import { functionWords } from "@/lib/core/text/languages";
import type { Evidence } from "./evidence";
import { countryNames } from "./regions";
import { isCurrency, unitOf } from "./units";

const CAPITAL = /(?<![\p{L}\p{N}'’_@./-])\p{Lu}[\p{L}\p{N}'’-]*(?![\p{L}\p{N}@/])/gu;
/** Written large inside a sentence without being names. */
const NOT_NAMES = new Set(
  "i ok faq url api pdf sms gps usb led lcd id vat app wifi wi-fi monday tuesday wednesday thursday friday saturday sunday english german french".split(
    " ",
  ),
);
/** German writes every noun large: there only two large words in a row can be told to be a name. */
const NOUNS_ARE_LARGE = new Set(["de", "lb"]);

/**
 * Proper names that neither sources nor visitor know: words written large inside a sentence, or two and more in a row.
 * A single one at the beginning of a sentence cannot be told from any other first word.
 */
export function unknownNames(sentence: string, language: string, evidence: Evidence): string[] {
  const text = sentence.replace(/^[\s>*#_|-]+|[*_`]+/g, "");
  const { stop, ask } = functionWords(language);
  const unknown: string[] = [];
  const large = [...text.matchAll(CAPITAL)].map((match) => ({
    word: match[0].replace(/['’]s?$/, ""),
    start: match.index,
    end: match.index + match[0].length,
  }));
  for (const [i, { word, start }] of large.entries()) {
    const lower = normalizeWord(word, language);
    const isFirst = start === 0 || /[.!?:…"“„]\s*$/.test(text.slice(0, start));
    const follows = i > 0 && large[i - 1]!.end === start - 1 && !isFirst;
    const leads = large[i + 1]?.start === start + word.length + 1;
    const previousIsFunction = i > 0 && isFunction(large[i - 1]!.word);
    function isFunction(other: string): boolean {
      const normal = other.toLowerCase();
      return stop.has(normal) || ask.has(normal);
    }
    if (word.length < 2 || NOT_NAMES.has(lower) || isFunction(word) || isMoney(word)) continue;
    if (isFirst && !leads) continue;
    // "Opening Hours" begins a sentence, "Anna Schmidt" too: the second word decides.
    if (isFirst && large[i + 1] && known(large[i + 1]!.word, language, evidence)) continue;
    if (NOUNS_ARE_LARGE.has(language) && !((follows && !previousIsFunction) || (leads && !isFirst))) continue;
    if (!known(word, language, evidence) && !isCountry(lower, evidence)) unknown.push(word);
  }
  return unknown;
}

/** `EUR 19.90`: judged with the price that it belongs to. */
function isMoney(word: string): boolean {
  const unit = unitOf(word);
  return !!unit && isCurrency(unit);
}

/** Countries have a name in each language. */
function isCountry(word: string, evidence: Evidence): boolean {
  // In any language of ours: of a short answer it cannot always be told which it is in.
  return WIDGET_LANGUAGES.some((own) =>
    countryNames(word, own, evidence.languages).some((name) => evidence.includes(name)),
  );
}

function known(name: string, language: string, evidence: Evidence): boolean {
  return readWords(name, language).every(
    ({ text, stem, isStop }) =>
      isStop || evidence.hasWord(text) || evidence.hasWord(stem) || (text.length > 3 && evidence.includes(text)),
  );
}
