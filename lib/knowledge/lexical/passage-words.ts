import { readWords, type Word } from "@/lib/core/text/analyze";
import { indexText } from "./index-text";

export interface Passage {
  id: string;
  title: string;
  headingPath: string[];
  content: string;
}

/** A passage as words, stop words left out. */
export interface PassageWords {
  title: Word[];
  headings: Word[][];
  content: Word[];
}

const MAX_REMEMBERED = 4_000;
const remembered = new Map<string, { passage: Passage; words: PassageWords }>();

/**
 * Reads a passage into words. The latest 4,000 are remembered (some 15 MB): visitors of one site ask for the same passages, and reading
 * 100 of them again would be most of the cost of a question.
 */
export function passageWords(passage: Passage, language: string): PassageWords {
  const key = `${language} ${passage.id}`;
  const known = remembered.get(key);
  if (known && isSame(known.passage, passage)) return known.words;
  const read = (text: string) => readWords(text, language).filter((word) => !word.isStop);
  const words: PassageWords = {
    title: read(passage.title),
    headings: passage.headingPath.map(read),
    content: read(indexText(passage.content)),
  };
  if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
  const { id, title, headingPath, content } = passage;
  remembered.set(key, { passage: { id, title, headingPath, content }, words });
  return words;
}

const isSame = (x: Passage, y: Passage): boolean =>
  x.content === y.content &&
  x.title === y.title &&
  x.headingPath.length === y.headingPath.length &&
  x.headingPath.every((heading, index) => heading === y.headingPath[index]);
