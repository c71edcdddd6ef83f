import { functionWords } from "./languages";

const SCRIPTS: [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, "ja"],
  [/\p{Script=Hangul}/gu, "ko"],
  [/\p{Script=Han}/gu, "zh"],
  [/\p{Script=Arabic}/gu, "ar"],
  [/\p{Script=Hebrew}/gu, "he"],
  [/\p{Script=Devanagari}/gu, "hi"],
  [/\p{Script=Thai}/gu, "th"],
  [/\p{Script=Greek}/gu, "el"],
  [/\p{Script=Cyrillic}/gu, "ru"],
];
const LATIN = /\p{Script=Latin}/gu;
const LATIN_LANGUAGES = "en de fr es it pt nl pl tr sv da no fi ro hu cs".split(" ");
const UKRAINIAN = /[іїєґ]/gi;
/** Letters that only some of the languages written in Latin script have. */
const LETTERS: [RegExp, string][] = [
  [/[äöüß]/g, "de"],
  [/[ñ¿¡]/g, "es"],
  [/[ãõ]/g, "pt"],
  [/[êœèù]|\b(?:qu|[cdjlmns])['’]/g, "fr"],
  [/[ąęłńśźż]/g, "pl"],
  [/[ğış]/g, "tr"],
  [/[åäö]/g, "sv"],
  [/[æøå]/g, "da"],
  [/[æøå]/g, "no"],
  [/[äö]/g, "fi"],
  [/[ășțâî]/g, "ro"],
  [/[őűáé]/g, "hu"],
  [/[ěřůčšž]/g, "cs"],
  [/[àòì]/g, "it"],
];
const NOT_ASCII = /[^\0-\x7F]/;
/** What of these ASCII can hold: "qu'", "l'". */
const FRENCH = LETTERS.filter(([, language]) => language === "fr");
/** English words that are function words elsewhere, or so common that they speak for English; no stop words. */
const MORE_ENGLISH = "over under out up off only also more most other new use using make him them";
const MAX_LENGTH = 4_000;
/** Function words that speak for a language, counted by how many others have them too. */
const MAX_NEEDED = 2;

let languagesOfWord: Map<string, string[]> | undefined;
function wordIndex(): Map<string, string[]> {
  if (languagesOfWord) return languagesOfWord;
  languagesOfWord = new Map();
  for (const language of LATIN_LANGUAGES) {
    const { stop, ask } = functionWords(language);
    const more = language === "en" ? MORE_ENGLISH.split(" ") : [];
    // Single letters are left over from contractions and lists in every language.
    for (const word of new Set([...stop, ...ask, ...more].filter((word) => !/^[a-z]$/.test(word))))
      languagesOfWord.set(word, [...(languagesOfWord.get(word) ?? []), language]);
  }
  return languagesOfWord;
}

/**
 * Guesses the language of a text from its script and its function words; the first 4,000 characters decide.
 * @param fallback what to say when nothing speaks for a language: the agent's own, for a visitor's few words
 * @returns a two-letter code
 * Good enough to choose a stemmer; a page's own `lang` attribute is better evidence.
 */
export function detectLanguage(text: string, fallback = "en"): string {
  const sample = text.slice(0, MAX_LENGTH).toLowerCase();
  // Nearly every text of these: no script to be counted, and none of the letters that only some languages have.
  if (!NOT_ASCII.test(sample)) return /[a-z]/.test(sample) ? latinLanguage(sample, fallback, FRENCH) : fallback;
  const count = (pattern: RegExp) => sample.match(pattern)?.length ?? 0;
  const latin = count(LATIN);
  // One character of these scripts says as much as two or three Latin letters, and brand names come in Latin everywhere.
  const scripts = SCRIPTS.map(([pattern, language]) => ({ language, letters: count(pattern) }));
  const total = scripts.reduce((sum, script) => sum + script.letters, 0);
  if (total * 2 > latin && total > 0) {
    const japanese = scripts[0]!.letters;
    if (japanese > 0 && japanese * 10 > total) return "ja";
    const best = scripts.reduce((a, b) => (b.letters > a.letters ? b : a)).language;
    return best === "ru" && count(UKRAINIAN) * 40 > total ? "uk" : best;
  }
  return latin === 0 ? fallback : latinLanguage(sample, fallback);
}

function latinLanguage(sample: string, fallback: string, letters = LETTERS): string {
  const scores = new Map<string, number>();
  const add = (language: string, score: number) => scores.set(language, (scores.get(language) ?? 0) + score);
  const words = sample.match(/\p{L}+/gu) ?? [];
  for (const word of words) {
    const languages = wordIndex().get(word) ?? [];
    for (const language of languages) add(language, 1 / languages.length);
  }
  for (const [pattern, language] of letters)
    add(language, Math.min(0.5 * (sample.match(pattern)?.length ?? 0), words.length * 0.3));
  const [best, score] = [...scores].reduce((a, b) => (b[1] > a[1] ? b : a), [fallback, 0]);
  // One such word among many says nothing, unless nothing speaks for the fallback; between near relatives that has the better claim.
  const ofFallback = scores.get(fallback) ?? 0;
  const share = ofFallback * 3 <= score ? 0.12 : 0.2;
  const isWeak = score < 0.75 || score < Math.min(share * words.length, MAX_NEEDED);
  return isWeak || score <= ofFallback * 1.2 ? fallback : best;
}
