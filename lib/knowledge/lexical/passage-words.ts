import { readWords, type Word } from "@/lib/core/text/analyze";
import { indexText } from "./index-text";
import { wordGrams } from "./word-grams";

export interface Passage {
  chunkId: string;
  title: string;
  headingPath: string[];
  content: string;
}

/** A passage as words, stop words left out, with what every question asks of it worked out once. */
export interface PassageWords {
  title: Word[];
  headings: Word[][];
  content: Word[];
  /** `hash` of each word of the content. */
  contentHashes: Uint16Array;
  /** Parts of identifiers in the content. */
  contentParts: string[];
  /** The different 4-letter pieces of title, nearest heading and content, how often each stands there, and how many there are in all. */
  grams: Uint32Array;
  gramTimes: Uint16Array;
  gramCount: number;
  /** Little but links. */
  isLinkList: boolean;
}

const MAX_REMEMBERED = 12_000;
/** By language, then by id. */
const remembered = new Map<string, Map<string, { passage: Passage; words: PassageWords }>>();
let rememberedCount = 0;

/**
 * Reads a passage into words. The latest 12,000 are remembered (some 60 MB): visitors of one site ask for the same
 * passages, and reading 50 of them again would be most of the cost of a question.
 */
export function passageWords(passage: Passage, language: string): PassageWords {
  let ofLanguage = remembered.get(language);
  if (!ofLanguage) {
    ofLanguage = new Map();
    remembered.set(language, ofLanguage);
  }
  const known = ofLanguage.get(passage.chunkId);
  if (known && isSame(known.passage, passage)) return known.words;
  const read = (text: string) => readWords(text, language).filter((word) => !word.isStop);
  const words = {
    ...prepare(read(passage.title), passage.headingPath.map(read), read(indexText(passage.content))),
    isLinkList: isLinkList(passage.content),
  };
  if (!known && rememberedCount++ >= MAX_REMEMBERED)
    forgetOldest(ofLanguage.size > 0 ? [ofLanguage] : remembered.values());
  const { chunkId, title, headingPath, content } = passage;
  ofLanguage.set(chunkId, { passage: { chunkId, title, headingPath, content }, words });
  return words;
}

function forgetOldest(languages: Iterable<Map<string, unknown>>): void {
  for (const ofLanguage of languages) {
    if (ofLanguage.size === 0) continue;
    ofLanguage.delete(ofLanguage.keys().next().value!);
    rememberedCount--;
    return;
  }
}

function prepare(title: Word[], headings: Word[][], content: Word[]): Omit<PassageWords, "isLinkList"> {
  return {
    title,
    headings,
    content,
    contentHashes: Uint16Array.from(content, (word) => word.hash),
    contentParts: content.flatMap((word) => word.parts),
    ...countGrams(wordGrams([...title, ...(headings.at(-1) ?? []), ...content])),
  };
}

/** Sorts in place: half the time that counting in a Map takes. */
function countGrams(all: Uint32Array): Pick<PassageWords, "grams" | "gramTimes" | "gramCount"> {
  all.sort();
  const times = new Uint16Array(all.length);
  let different = 0;
  for (let i = 0; i < all.length; i++) {
    if (i > 0 && all[i] === all[different - 1]) times[different - 1]!++;
    else {
      all[different] = all[i]!;
      times[different++] = 1;
    }
  }
  return { grams: all.slice(0, different), gramTimes: times.slice(0, different), gramCount: all.length };
}

const isSame = (x: Passage, y: Passage): boolean =>
  x.content === y.content &&
  x.title === y.title &&
  x.headingPath.length === y.headingPath.length &&
  x.headingPath.every((heading, index) => heading === y.headingPath[index]);

const LINK = /\[([^\]]*)\]\([^)\s]*\)/g;

function isLinkList(markdown: string): boolean {
  if (!markdown.includes("](")) return false;
  let linked = 0;
  const rest = markdown.replace(LINK, (_link, text: string) => {
    linked += text.length;
    return "";
  });
  return linked > 0 && linked > 1.5 * rest.replace(/[\s\-*#|]+/g, "").length;
}
