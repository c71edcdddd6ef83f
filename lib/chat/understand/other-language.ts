import { detectLanguage } from "@/lib/core/text/detect-language";

/** The best of what was found tells what the pages are written in. */
const READ = 5;

/**
 * The language in which a question that found nothing is worth asking once more: that of the passages it came upon, or else the agent's.
 * @returns null when the question is in it already
 */
export function otherLanguage(asked: string, found: readonly { content: string }[], agent: string): string | null {
  const times = new Map<string, number>();
  for (const { content } of found.slice(0, READ)) {
    const language = detectLanguage(content, agent);
    times.set(language, (times.get(language) ?? 0) + 1);
  }
  const [most] = [...times].toSorted(([, x], [, y]) => y - x).map(([language]) => language);
  return [most, agent].find((language) => language !== undefined && language !== asked) ?? null;
}
