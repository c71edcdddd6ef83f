/** Endings of Polish nouns, adjectives and verbs; of those that fit, the longest is cut. */
const POLISH =
  "owałem owałam ować owała owali ował iwać ywać iami ami iach ach owie ów iom om iego ego iemu emu imi ymi ich ych iej ej iem em im ym amy emy imy ymy acie ecie icie ycie asz esz isz ysz ają eją ują uje uję ała ali ał iła ili ił yła yli ył łem łam ać eć ić yć ąć ie ia iu ią ię ę ą y i a e o u"
    .split(" ")
    .sort((x, y) => y.length - x.length);
const MIN_POLISH_STEM = 3;

/**
 * Polish without its endings: `gwarancji`, `gwarancję` → `gwarancj`. Snowball has no Polish stemmer, and without one a question finds only
 * words in the very case that the page has them in.
 */
export function stemPolish(word: string): string {
  const ending = POLISH.find((ending) => word.endsWith(ending) && word.length - ending.length >= MIN_POLISH_STEM);
  return ending ? word.slice(0, -ending.length) : word;
}

const HEBREW_PREFIX = /^[והבלכמש](?=.{3})/u;
const HEBREW_PLURAL = /(?<=..)(?:ים|ות)$/u;
/** Written otherwise at the end of a word, where cutting an ending or not would tell the same word apart. */
const FINAL_LETTERS: Record<string, string> = { ך: "כ", ם: "מ", ן: "נ", ף: "פ", ץ: "צ" };

/**
 * Hebrew without the small words written together with the next (and, the, in, to, as, from, that) and without plural endings. Words that
 * begin with such a letter of their own lose it too, on pages and in questions alike.
 */
export function stemHebrew(word: string): string {
  let rest = word.replace(HEBREW_PLURAL, "").replace(/[ךםןףץ]$/u, (letter) => FINAL_LETTERS[letter]!);
  while (HEBREW_PREFIX.test(rest)) rest = rest.slice(1);
  return rest;
}
