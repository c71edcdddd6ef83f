const SEPARATORS = /[.,'’\u00A0\u202F ]/g;
const FRACTIONS: Record<string, number> = { "½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3 };

/** Digits of other scripts as ASCII, place by place: Arabic, Persian, Devanagari, full width, … */
export function asciiDigits(text: string): string {
  if (!/[^\0-\x7F]/.test(text)) return text;
  return text.replace(/[^\d\P{Nd}]/gu, (digit) => {
    // The ten digits of a script stand in a row, and no other digit is before the first.
    const code = digit.codePointAt(0)!;
    if (code > 0xffff) return digit;
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCharCode(zero - 1))) zero--;
    return String(code - zero);
  });
}

/**
 * What a written number may mean: `1,000.50` and `1.000,50` are one value, `1.000` is two because it depends on the country.
 * @param written digits with separators, or one fraction sign
 */
export function valuesOf(written: string): number[] {
  const fraction = FRACTIONS[written];
  if (fraction !== undefined) return [fraction];
  const text = written.replace(/[٫]/g, ".").replace(/[٬]/g, ",");
  const separators = [...text.matchAll(SEPARATORS)];
  const last = separators.at(-1);
  if (!last) return [Number(text)];
  const whole = text.slice(0, last.index).replace(SEPARATORS, "");
  const rest = text.slice(last.index + 1);
  const decimal = Number(`${whole}.${rest}`);
  const grouped = Number(whole + rest);
  const isGroup = rest.length === 3;
  const repeats = separators.length > 1 && separators.every(([sign]) => sign === last[0]);
  if (!/[.,]/.test(last[0]) || (repeats && isGroup)) return [grouped];
  if (separators.length > 1 || !isGroup || whole === "0") return [decimal];
  return [grouped, decimal];
}

/** Values to be compared: without the noise of binary fractions. */
export const sameValue = (value: number): string => String(Number(value.toPrecision(10)));

const WORDS: Record<string, string> = {
  en: "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
  de: "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
  fr: "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
  es: "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte",
  it: "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti",
  pt: "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove vinte",
  nl: "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig",
};
const TENS: Record<string, string> = {
  en: "thirty forty fifty sixty seventy eighty ninety hundred",
  de: "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
  fr: "trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix cent",
  es: "treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
  it: "trenta quaranta cinquanta sessanta settanta ottanta novanta cento",
  pt: "trinta quarenta cinquenta sessenta setenta oitenta noventa cem",
  nl: "dertig veertig vijftig zestig zeventig tachtig negentig honderd",
};
const MORE: Record<string, Record<string, number>> = { en: { dozen: 12 }, de: { zwo: 2, dutzend: 12 } };

const wordValues = new Map(
  Object.keys(WORDS).map((language) => {
    const values = new Map<string, number>();
    for (const [i, word] of WORDS[language]!.split(" ").entries()) if (i !== 1) values.set(word, i);
    for (const [i, word] of TENS[language]!.split(" ").entries()) values.set(word, (i + 3) * 10);
    for (const [word, value] of Object.entries(MORE[language] ?? {})) values.set(word, value);
    return [language, values];
  }),
);
/** Mostly articles: numbers only beside a unit. */
export const ARTICLES: Record<string, string> = {
  en: "a an one",
  de: "ein eine einen einem einer",
  fr: "un une",
  es: "un una uno",
  it: "un una uno",
  pt: "um uma",
  nl: "een één",
};

/** `two` → 2, `twenty-five` → 25; undefined for `one`, which is an article in most languages, and in languages not listed. */
export function wordValue(word: string, language: string): number | undefined {
  const values = wordValues.get(language);
  const lower = word.toLowerCase();
  const known = values?.get(lower);
  if (known !== undefined || !values) return known;
  if (!lower.includes("-")) return undefined;
  const [tens, ones, more] = lower.split("-");
  if (more !== undefined || !ones) return undefined;
  const first = values.get(tens!);
  const second = ones === WORDS[language]!.split(" ")[1] ? 1 : values.get(ones);
  return first !== undefined && second !== undefined && first >= 20 && second < 10 ? first + second : undefined;
}

/** Whether a text that still grows may end in the beginning of a number word. */
const beginnings = new Set(
  [...wordValues.values()].flatMap((values) =>
    [...values.keys()].flatMap((word) => Array.from(word, (_, i) => word.slice(0, i + 1))),
  ),
);
export const mayBecomeNumber = (word: string): boolean => beginnings.has(word.toLowerCase());
const languages = [...wordValues.keys()];
const allWords = new Set(languages.flatMap((language) => [...wordValues.get(language)!.keys()]));
/** In any language: decides what waits, not what is marked. Asked of each word of an answer again and again. */
export const isNumberWord = (word: string): boolean =>
  allWords.has(word.toLowerCase()) ||
  (word.includes("-") && languages.some((language) => wordValue(word, language) !== undefined));
