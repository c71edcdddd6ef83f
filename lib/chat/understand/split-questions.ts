import { analyzeQuery } from "@/lib/core/text/analyze";

const MAX_QUESTIONS = 3;
const MIN_WORDS = 2;
const END = /(?<=[?？؟])\s*/u;

/**
 * A message that asks several things as one question each, at most three; anything else as it is. A question of a single word, or text
 * behind the last question mark, goes with the one before: it is mostly about the same.
 */
export function splitQuestions(text: string, language: string): string[] {
  if (!/[?？؟][\s\S]*[?？؟]/u.test(text)) return [text];
  const questions: string[] = [];
  for (const part of text.split(END).filter((part) => part.trim())) {
    const isWhole = /[?？؟]\s*$/u.test(part) && analyzeQuery(part, language).terms.length >= MIN_WORDS;
    if (questions.length > 0 && (!isWhole || questions.length === MAX_QUESTIONS))
      questions[questions.length - 1] += ` ${part.trim()}`;
    else questions.push(part.trim());
  }
  return questions;
}
