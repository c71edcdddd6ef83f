/** Two letters each; what is none gets no name. */
const CODES = Array.from({ length: 26 * 26 }, (_, i) => String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26)));

/** By language: code → name in lower case. */
const names = new Map<string, ReadonlyMap<string, string>>();

function namesIn(language: string): ReadonlyMap<string, string> {
  const known = names.get(language);
  if (known) return known;
  const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
  const made = new Map(
    CODES.flatMap((code) => {
      const name = display.of(code);
      return name ? [[code, name.toLowerCase()] as const] : [];
    }),
  );
  names.set(language, made);
  return made;
}

/**
 * What countries are called elsewhere: `Suisse` in an answer says what `Switzerland` does in its source.
 * @param word one word of a name, in lower case
 * @returns the whole names, in lower case, of all countries that this word may mean
 */
export function countryNames(word: string, language: string, others: Iterable<string>): string[] {
  const codes = [...namesIn(language)].filter(([, name]) => name.split(/[\s-]+/).includes(word)).map(([code]) => code);
  return [...others].flatMap((other) => codes.flatMap((code) => namesIn(other).get(code) ?? []));
}
