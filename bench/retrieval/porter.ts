const CONSONANT = "[^aeiou]";
const VOWEL = "[aeiouy]";
const CONSONANTS = `${CONSONANT}[^aeiouy]*`;
const VOWELS = `${VOWEL}[aeiou]*`;
/** The measure m of the paper: how many vowel-consonant pairs a stem has. */
const ABOVE_0 = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const EXACTLY_1 = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}(?:${VOWELS})?$`);
const ABOVE_1 = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`);
const HAS_VOWEL = new RegExp(`^(?:${CONSONANTS})?${VOWEL}`);
const ENDS_CVC = new RegExp(`^${CONSONANTS}${VOWEL}[^aeiouwxy]$`);

const pairs = (text: string) => Object.fromEntries(text.split(" ").map((pair) => pair.split(":") as [string, string]));
const STEP_2 = pairs(
  "ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble logi:log",
);
const STEP_3 = pairs("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");
const ENDS_2 = new RegExp(`^(.+?)(${Object.keys(STEP_2).join("|")})$`);
const ENDS_3 = new RegExp(`^(.+?)(${Object.keys(STEP_3).join("|")})$`);
const ENDS_4 = /^(.+?)(?:al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$/;

/** The first Porter stemmer (M. F. Porter, 1980), as Lucene's English analyzer uses it; for the BM25 that ours is compared with. */
export function porter(input: string): string {
  if (input.length < 3 || !/^[a-z]+$/.test(input)) return input;
  const startsWithY = input.startsWith("y");
  let word = startsWithY ? `Y${input.slice(1)}` : input;
  word = inflections(word);
  word = replaceEnd(word, ENDS_2, STEP_2);
  word = replaceEnd(word, ENDS_3, STEP_3);
  const ends4 = ENDS_4.exec(word);
  const ion = ends4 ? null : /^(.+?[st])ion$/.exec(word);
  const stem4 = ends4?.[1] ?? ion?.[1];
  if (stem4 && ABOVE_1.test(stem4)) word = stem4;
  const stemE = /^(.+?)e$/.exec(word)?.[1];
  if (stemE && (ABOVE_1.test(stemE) || (EXACTLY_1.test(stemE) && !ENDS_CVC.test(stemE)))) word = stemE;
  if (word.endsWith("ll") && ABOVE_1.test(word)) word = word.slice(0, -1);
  return startsWithY ? `y${word.slice(1)}` : word;
}

/** Plurals, -ed, -ing, and -y after a vowel. */
function inflections(input: string): string {
  let word = input;
  if (/(?:ss|i)es$/.test(word)) word = word.slice(0, -2);
  else if (/[^s]s$/.test(word)) word = word.slice(0, -1);
  const eed = /^(.+?)eed$/.exec(word);
  const past = eed ? null : /^(.+?)(?:ed|ing)$/.exec(word);
  if (eed) {
    if (ABOVE_0.test(eed[1]!)) word = word.slice(0, -1);
  } else if (past && HAS_VOWEL.test(past[1]!)) {
    word = past[1]!;
    if (/(?:at|bl|iz)$/.test(word)) word += "e";
    else if (/([^aeiouylsz])\1$/.test(word)) word = word.slice(0, -1);
    else if (ENDS_CVC.test(word)) word += "e";
  }
  const beforeY = /^(.+?)y$/.exec(word)?.[1];
  return beforeY && HAS_VOWEL.test(beforeY) ? `${beforeY}i` : word;
}

function replaceEnd(word: string, ends: RegExp, table: Record<string, string>): string {
  const match = ends.exec(word);
  return match && ABOVE_0.test(match[1]!) ? match[1]! + table[match[2]!]! : word;
}
