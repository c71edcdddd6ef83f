import { detectLanguage } from "@/lib/core/text/detect-language";
import type { CallMeta, ChatModelInfo, Gateway } from "@/lib/llm";
import { isAbout, isFollowUp, type Said, withTopic } from "./follow-up";
import { rewriteByModel } from "./rewrite";
import { splitQuestions } from "./split-questions";

export interface Understood {
  /** What the visitor asks, so that it can be understood alone: the message itself for most. */
  text: string;
  /** What is searched for: one question, or up to three when the message asks several things. */
  questions: string[];
  /** Two letters; where the message is too short to tell, that of the visitor's messages before, or else the agent's. */
  language: string;
}

/**
 * Reads a message before it is searched for. Only a follow-up costs a call of the chat model, and none where that is the local one; there,
 * and where it fails or says something else, the words of the last question are added. A wrong spelling is for the search to find out, which knows the agent's words.
 */
export async function understand(
  gateway: Gateway,
  input: {
    text: string;
    history: Said[];
    language: string;
    /** That the agent answers with. */
    model: ChatModelInfo;
    signal: AbortSignal;
    meta: Omit<CallMeta, "step">;
  },
): Promise<Understood> {
  const { text, history, model, signal, meta } = input;
  const before = history.findLast(({ role }) => role === "visitor")?.text;
  const language = detectLanguage(text, before ? detectLanguage(before, input.language) : input.language);
  if (!isFollowUp(text, history, language)) return { text, questions: splitQuestions(text, language), language };
  const rewritten = model.isLocal
    ? null
    : await rewriteByModel(gateway, { question: text, history, model, signal, meta });
  const said = history.map((turn) => turn.text);
  const alone = rewritten && isAbout(rewritten, text, said, language) ? rewritten : withTopic(text, history, language);
  return { text: alone, questions: [alone], language };
}
