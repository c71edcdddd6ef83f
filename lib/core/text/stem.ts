import { stemmer as arabic } from "@orama/stemmers/arabic";
import { stemmer as danish } from "@orama/stemmers/danish";
import { stemmer as dutch } from "@orama/stemmers/dutch";
import { stemmer as finnish } from "@orama/stemmers/finnish";
import { stemmer as french } from "@orama/stemmers/french";
import { stemmer as german } from "@orama/stemmers/german";
import { stemmer as greek } from "@orama/stemmers/greek";
import { stemmer as hungarian } from "@orama/stemmers/hungarian";
import { stemmer as hindi } from "@orama/stemmers/indian";
import { stemmer as italian } from "@orama/stemmers/italian";
import { stemmer as norwegian } from "@orama/stemmers/norwegian";
import { stemmer as portuguese } from "@orama/stemmers/portuguese";
import { stemmer as romanian } from "@orama/stemmers/romanian";
import { stemmer as russian } from "@orama/stemmers/russian";
import { stemmer as spanish } from "@orama/stemmers/spanish";
import { stemmer as swedish } from "@orama/stemmers/swedish";
import { stemmer as turkish } from "@orama/stemmers/turkish";
import { stemmer as ukrainian } from "@orama/stemmers/ukrainian";
import { stem as porter2 } from "porter2";
import { regularForm } from "./irregular";
import { stemHebrew, stemPolish } from "./stem-light";

/**
 * English is Porter2 from the package of that name: the English stemmer of @orama/stemmers is the first Porter algorithm and loses a
 * letter in "-tion". The others there agree with Snowball; it has none for Polish and Hebrew. Irregular English forms are led back to their word
 * before: nDCG@10 +0.6 % (help centre), +0.4 % (questions about Perl), nowhere less.
 */
const STEMMERS: Record<string, (word: string) => string> = {
  ar: arabic,
  da: danish,
  de: stemGerman,
  el: greek,
  en: stemEnglish,
  es: spanish,
  fi: finnish,
  fr: french,
  he: stemHebrew,
  hi: hindi,
  hu: hungarian,
  it: italian,
  nl: dutch,
  no: norwegian,
  pl: stemPolish,
  pt: portuguese,
  ro: romanian,
  ru: russian,
  sv: swedish,
  tr: turkish,
  uk: ukrainian,
};

/** `kostet` as `kosten`, `meldet` as `melden`: Snowball takes -en off, and leaves the -et of the verbs whose stem ends in t or d. */
function stemGerman(word: string): string {
  return german(word).replace(/(?<=\p{L}[td])et$/u, "");
}

function stemEnglish(word: string): string {
  return porter2(regularForm(word));
}

const LATIN = /^[\p{Script=Latin}\p{M}'’]+$/u;
const SCRIPTS: [RegExp, string[]][] = [
  [/^[\p{Script=Cyrillic}\p{M}'’]+$/u, ["ru", "uk"]],
  [/^[\p{Script=Greek}\p{M}]+$/u, ["el"]],
  [/^[\p{Script=Arabic}\p{M}]+$/u, ["ar"]],
  [/^[\p{Script=Hebrew}\p{M}]+$/u, ["he"]],
  [/^[\p{Script=Devanagari}\p{M}]+$/u, ["hi"]],
];
const NOT_LATIN = new Set(SCRIPTS.flatMap(([, languages]) => languages));

/** The language whose stemmer fits the letters of a word: a brand in Latin letters on a Russian page is stemmed as English. */
function stemmerFor(word: string, language: string): ((word: string) => string) | undefined {
  if (LATIN.test(word)) return NOT_LATIN.has(language) ? stemEnglish : STEMMERS[language];
  const script = SCRIPTS.find(([pattern]) => pattern.test(word));
  if (!script) return undefined;
  return STEMMERS[script[1].includes(language) ? language : script[1][0]!];
}

const DIACRITICS = /\p{Mn}/gu;
const LETTERS: Record<string, string> = { ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe", ı: "i" };
const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
};

/** Latin letters without their accents: `café` → `cafe`. Other scripts, where marks can be vowels, stay as they are. */
export function foldAccents(word: string): string {
  if (isAscii(word) || !LATIN.test(word)) return word;
  return word
    .normalize("NFD")
    .replace(DIACRITICS, "")
    .replace(/[łøđßæœı]/g, (letter) => LETTERS[letter]!);
}

const MAX_STEMMED_LENGTH = 40;

/**
 * The stem under which a word is indexed.
 * @param word lower case; longer than 40 characters it is a key or a hash and stays as it is
 * @param language two letters; without a stemmer of that language the word stays as it is
 * Accents go last (first in English, which has none of its own), so that `resume` finds `résumé`.
 */
export function stem(word: string, language: string): string {
  if (word.length > MAX_STEMMED_LENGTH) return word;
  const input = language === "en" ? foldAccents(word) : word;
  return foldAccents(stemmerFor(input, language)?.(input) ?? input) || word;
}
