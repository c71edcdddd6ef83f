import { readWords } from "@/lib/core/text/analyze";
import { functionWords } from "@/lib/core/text/languages";

export interface Said {
  role: "visitor" | "assistant";
  text: string;
}

/** Words that point at something said before; those that are articles as well, or the polite you, are left out. */
const POINTERS: Record<string, string> = {
  en: "it its they them their this that these those ones same",
  de: "ihn ihm ihnen das dies dieser dieses diesen davon dafür damit dazu dort",
  fr: "elle elles ils leur cela ça ceci celui celle ceux",
  es: "él ella ellos ellas eso esto ese esa esos esas ahí",
  pt: "ele ela eles elas isso isto esse essa aquele aquela lá",
  it: "lui loro esso essa questo questa quello quella lì",
  nl: "die dat dit deze hem hen daar daarvan",
  pl: "to ten ta te tego tej tym on ona ono oni je jego jej ich go tam",
  tr: "o onu ona onun onlar onları bu bunu buna bunun şu şunu orada",
  ar: "هو هي هم هذا هذه ذلك تلك هناك",
  he: "זה זאת זו הוא היא הם הן אותו אותה שם",
  hi: "यह वह ये वे इसे उसे इसका उसका इसकी उसकी इसमें उसमें वहाँ",
};
/** Where words are not set apart: anywhere in the question. */
const POINTERS_INSIDE: Record<string, RegExp> = {
  ja: /それ|これ|その|この|あれ|そこ/,
  zh: /它|那个|这个|那里|这里|其/,
};
/** What goes on with the last question. */
const OPENERS: Record<string, RegExp> = {
  en: /^(?:and|or|but|also|what about|how about|what if)\b/i,
  de: /^(?:und|oder|aber|auch|was ist mit|wie ist es mit|wie sieht es mit)(?!\p{L})/iu,
  fr: /^(?:et|ou|mais|aussi|qu'en est-il)(?!\p{L})/iu,
  es: /^[¿\s]*(?:y|o|pero|también|qué hay de|qué pasa con)(?!\p{L})/iu,
  pt: /^(?:e|ou|mas|também|e quanto)(?!\p{L})/iu,
  it: /^(?:e|ed|o|ma|anche|che ne dici di)(?!\p{L})/iu,
  nl: /^(?:en|of|maar|ook|hoe zit het met)(?!\p{L})/iu,
  pl: /^(?:a|i|oraz|ale|też|co z)(?!\p{L})/iu,
  tr: /^(?:ve|veya|ama|peki|ya)(?!\p{L})/iu,
  ar: /^(?:وماذا|ماذا عن|وهل|وكم|وكيف|و\s)/u,
  he: /^(?:ומה|ואיך|וכמה|ואם|מה לגבי|מה עם)/u,
  hi: /^(?:और|या|लेकिन)(?!\p{L})/u,
  ja: /^(?:じゃあ|では|それでは|あと|また)/u,
  zh: /^(?:那|那么|还有|如果)|呢[？?]?$/u,
};
/** "Is it possible to …", "how long does it take to …": it stands for what follows. */
const EMPTY_IT = /\b(?:is|was|would) it (?:possible|ok|okay|allowed|true|safe|necessary)\b|\bit takes? to\b/i;
const MAX_WORDS_WITH_POINTER = 3;
const MAX_TOPIC_WORDS = 8;

/** The words of a text that say what it is about, as they are written there. */
function tellingWords(text: string, language: string): { text: string; stem: string }[] {
  const { ask } = functionWords(language);
  const pointers = new Set((POINTERS[language] ?? "").split(" "));
  return readWords(text, language).filter((word) => !word.isStop && !ask.has(word.text) && !pointers.has(word.text));
}

/**
 * Whether a question can be understood only with what was said before: it begins as a continuation, points at something and says little
 * itself, or says nothing at all. Needs no model.
 */
export function isFollowUp(question: string, history: Said[], language: string): boolean {
  if (!history.some(({ role }) => role === "visitor")) return false;
  const telling = new Set(tellingWords(question, language).map(({ stem }) => stem)).size;
  if (telling === 0) return true;
  const text = question.trim();
  if (OPENERS[language]?.test(text)) return telling <= 2 * MAX_WORDS_WITH_POINTER;
  if (POINTERS_INSIDE[language]) return POINTERS_INSIDE[language].test(text) && text.length <= 20;
  const pointers = new Set((POINTERS[language] ?? "").split(" "));
  const points = readWords(text, language).some((word) => pointers.has(word.text));
  return points && telling <= MAX_WORDS_WITH_POINTER && !EMPTY_IT.test(text);
}

/** The question with the words that the last question of its own was about; itself when there is none. Needs no model. */
export function withTopic(question: string, history: Said[], language: string): string {
  const asked = history.filter(({ role }) => role === "visitor").map(({ text }) => text);
  const at = asked.findLastIndex((text, index) => {
    const before = asked.slice(0, index).map((earlier): Said => ({ role: "visitor", text: earlier }));
    return tellingWords(text, language).length > 0 && !isFollowUp(text, before, language);
  });
  if (at < 0) return question;
  const own = new Set(tellingWords(question, language).map(({ stem }) => stem));
  const topic = tellingWords(asked[at]!, language).filter(({ stem }) => !own.has(stem));
  const words = [...new Map(topic.map((word) => [word.stem, word.text])).values()].slice(0, MAX_TOPIC_WORDS);
  return words.length > 0 ? `${question.trim()} (${words.join(" ")})` : question;
}

const MIN_SHARE = 0.5;

/**
 * Whether a rewritten question keeps what was asked and adds what was said: a model may answer instead, obey somebody, or say anything.
 * @param said the conversation, without the question
 */
export function isAbout(rewritten: string, question: string, said: string[], language: string): boolean {
  const stems = (text: string) => new Set(tellingWords(text, language).map(({ stem }) => stem));
  const [now, asked] = [stems(rewritten), stems(question)];
  const known = new Set([...asked, ...said.flatMap((text) => [...stems(text)])]);
  const share = (words: Set<string>, of: Set<string>) => [...words].filter((word) => of.has(word)).length / words.size;
  return now.size > 0 && share(now, known) >= MIN_SHARE && (asked.size === 0 || share(asked, now) >= MIN_SHARE);
}
