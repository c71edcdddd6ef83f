/** Two letters each; what is none gets no name. */
const CODES = Array.from({ length: 26 * 26 }, (_, i) => String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26)));

/** The countries of one language, names in lower case. */
interface Countries {
  byCode: ReadonlyMap<string, string>;
  /** The codes of those whose name holds a word. */
  byWord: ReadonlyMap<string, readonly string[]>;
}

const languages = new Map<string, Countries>();

function countriesIn(language: string): Countries {
  const known = languages.get(language);
  if (known) return known;
  const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
  const byCode = new Map<string, string>();
  const byWord = new Map<string, string[]>();
  for (const code of CODES) {
    const name = display.of(code)?.toLowerCase();
    if (!name) continue;
    byCode.set(code, name);
    for (const word of new Set(name.split(/[\s-]+/))) byWord.set(word, [...(byWord.get(word) ?? []), code]);
  }
  const made = { byCode, byWord };
  languages.set(language, made);
  return made;
}

/**
 * What countries are called elsewhere: `Suisse` in an answer says what `Switzerland` does in its source.
 * @param word one word of a name, in lower case
 * @returns the whole names, in lower case, of all countries that this word may mean
 */
export function countryNames(word: string, language: string, others: Iterable<string>): string[] {
  const codes = countriesIn(language).byWord.get(word) ?? [];
  return [...others].flatMap((other) => codes.flatMap((code) => countriesIn(other).byCode.get(code) ?? []));
}
