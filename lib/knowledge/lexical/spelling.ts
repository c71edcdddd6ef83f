import { detectLanguage } from "@/lib/core/text/detect-language";
import { hash32 } from "@/lib/core/text/hash";
import { stem } from "@/lib/core/text/stem";
import { termId } from "./term-id";
import type { UnknownWord } from "./unknown-words";

/** Longer words are rarely typed. */
const MAX_LENGTH = 20;

const LATIN = "abcdefghijklmnopqrstuvwxyz";
/** Letters that a word may lack or have too many of, by language. */
const ALPHABETS: Record<string, string> = {
  de: `${LATIN}äöüß`,
  fr: `${LATIN}àâçéèêëîïôûù`,
  es: `${LATIN}áéíóúñü`,
  pt: `${LATIN}áâãàçéêíóôõú`,
  it: `${LATIN}àèéìòù`,
  pl: `${LATIN}ąćęłńóśźż`,
  tr: "abcçdefgğhıijklmnoöprsştuüvyz",
  nl: `${LATIN}ëïé`,
  ar: "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
  he: "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
  hi: "अआइईउऊऋएऐओऔकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहािीुूृेैोौ्ंःँ़",
  ru: "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
  uk: "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
  el: "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ",
};
/** What such a word may have meant, by term id, likeliest first. */
export interface Respelling {
  word: string;
  stem: string;
  spellings: Map<number, string>;
}

/**
 * All spellings one letter away (left out, put in, mistaken, swapped with its neighbour), as terms of the agent: about 50 a letter. Which of
 * them are words here is for service.known_terms to say.
 */
export function respellings(
  words: UnknownWord[],
  { question, language: fallback, agentId }: { question: string; language: string; agentId: string },
): Respelling[] {
  const language = detectLanguage(question, fallback);
  const seed = hash32(agentId, 0);
  const short = words.filter(({ word }) => word.length <= MAX_LENGTH);
  return short.map(({ word, stem: stemmed, term: own }) => {
    const spellings = new Map<number, string>();
    for (const spelling of spellingsOf(word, ALPHABETS[language] ?? LATIN)) {
      const term = termId(stem(spelling, language), seed);
      if (term !== own && !spellings.has(term)) spellings.set(term, spelling);
    }
    return { word, stem: stemmed, spellings };
  });
}

/** Likeliest first: swapped neighbours, one too many, one too few, another one. */
function* spellingsOf(word: string, alphabet: string): Generator<string> {
  const letters = [...word];
  const put = (from: number, to: number, between: string) =>
    letters.slice(0, from).join("") + between + letters.slice(to).join("");
  for (let i = 0; i + 1 < letters.length; i++) yield put(i, i + 2, letters[i + 1]! + letters[i]!);
  for (let i = 0; i < letters.length; i++) yield put(i, i + 1, "");
  for (let i = 0; i <= letters.length; i++) for (const letter of alphabet) yield put(i, i, letter);
  for (let i = 0; i < letters.length; i++) for (const letter of alphabet) yield put(i, i + 1, letter);
}

/**
 * The question with each unknown word replaced by its likeliest spelling among those that the agent knows; null when none is known.
 * @param known term id → in how many passages it stands
 */
export function respell(question: string, unknown: Respelling[], known: Map<number, number>): string | null {
  let text = question;
  for (const { word, spellings } of unknown) {
    const found = [...spellings].filter(([term]) => known.has(term));
    if (found.length === 0) continue;
    // The first letter is hardly ever wrong; then the commoner word.
    const value = ([term, spelling]: [number, string]) =>
      (spelling[0] === word[0] ? 1_000_000 : 0) + Math.min(known.get(term)!, 999_999);
    const best = found.reduce((x, y) => (value(y) > value(x) ? y : x))[1];
    text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "giu"), best);
  }
  return text === question ? null : text;
}
