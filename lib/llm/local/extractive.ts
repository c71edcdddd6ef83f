import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { estimateTokens } from "@/lib/core/text/tokens";
import { parseFallback, parseQuestion, parseSources } from "../sources";
import { extractAnswer } from "./answer";

const TEXT_ID = "answer";

/**
 * `local/extractive`: answers with the words of the site, for installations without any key. It reads the same prompt as every
 * other model (see sources.ts), quotes up to three passages with their numbers, and says the fallback sentence of the system message,
 * word for word and without a number, when none of them fits. The same prompt always gets the same answer.
 */
export class ExtractiveModel implements LanguageModelV4 {
  readonly specificationVersion = "v4";
  readonly provider = "local";
  readonly modelId = "extractive";
  readonly supportedUrls = {};

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { pieces, finishReason, usage } = answer(options);
    return { content: [{ type: "text", text: pieces.join("") }], finishReason, usage, warnings: [] };
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const { abortSignal } = options;
    const { pieces, finishReason, usage } = answer(options);
    const parts = function* (): Generator<LanguageModelV4StreamPart> {
      yield { type: "stream-start", warnings: [] };
      yield { type: "text-start", id: TEXT_ID };
      for (const delta of pieces) yield { type: "text-delta", id: TEXT_ID, delta };
      yield { type: "text-end", id: TEXT_ID };
      yield { type: "finish", finishReason, usage };
    };
    const iterator = parts();
    const stream = new ReadableStream<LanguageModelV4StreamPart>({
      pull(controller) {
        if (abortSignal?.aborted) return controller.error(abortSignal.reason);
        const { done, value } = iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    return { stream };
  }
}

function answer({ prompt, maxOutputTokens = Number.POSITIVE_INFINITY }: LanguageModelV4CallOptions) {
  const { system, questions, sources } = readPrompt(prompt);
  const question = questions.at(-1) ?? "";
  const found = extractAnswer({ question, previousQuestion: questions.at(-2), passages: sources });
  const words = (found ?? parseFallback(system)).split(/(?<=\s)(?=\S)/);
  const pieces: string[] = [];
  let outputTokens = 0;
  for (const word of words) {
    const tokens = estimateTokens(word);
    if (outputTokens + tokens > maxOutputTokens) break;
    outputTokens += tokens;
    pieces.push(word);
  }
  const unified = pieces.length < words.length ? "length" : "stop";
  const finishReason: LanguageModelV4FinishReason = { unified, raw: undefined };
  const inputTokens = estimateTokens(JSON.stringify(prompt));
  const usage: LanguageModelV4Usage = {
    inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: outputTokens, text: outputTokens, reasoning: 0 },
  };
  return { pieces, finishReason, usage };
}

/** The parts of an answer prompt: system text, the visitor's questions in order, and the last sources given. */
function readPrompt(prompt: LanguageModelV4Prompt) {
  const system: string[] = [];
  const questions: string[] = [];
  let sources: ReturnType<typeof parseSources> = [];
  for (const { role, content } of prompt) {
    if (role === "system") system.push(content);
    if (role !== "user") continue;
    const text = content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
    const found = parseSources(text);
    if (found.length > 0) sources = found;
    questions.push(parseQuestion(text));
  }
  return { system: system.join("\n"), questions, sources };
}
