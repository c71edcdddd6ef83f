import { fallbackIn } from "@/lib/agents/schema";
import { AppError, publicError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { printable } from "@/lib/core/text/printable";
import { estimateTokens } from "@/lib/core/text/tokens";
import { call, json } from "@/lib/db/pool";
import { type RankedChunk, type Retrieved, retrieve, type SelectedPassage, selectPassages } from "@/lib/knowledge";
import {
  type CallRecord,
  type ChatEvent,
  type ChatModelInfo,
  type Gateway,
  modelKey,
  type Passage,
  renderQuestion,
} from "@/lib/llm";
import type { AnsweringConfig, OpenTurn } from "./begin-turn";
import { fitPrompt, withinStep } from "./budget";
import { CitationFilter } from "./citation-filter";
import { citationHeading, citationUrl, passageHeading, publicFilesOf } from "./cite";
import type { ChatDeps } from "./deps";
import { type AnswerCheck, checkAnswer } from "./grounding/answer-check";
import { caseOf, citing, judge } from "./grounding/judge";
import { ANSWER_PROMPT_ID, answerLanguage, answerPrompt, answerRules } from "./prompts/answer";
import { claimsOf, quoteFor } from "./quote";
import {
  type AnswerStatus,
  type Citation,
  type Cut,
  doneOf,
  type PostMessage,
  type Trace,
  type TraceCandidate,
  type TurnEvent,
} from "./schema";
import type { AnswerStream } from "./stream/answer-stream";
import { traceOf } from "./trace";
import { joinFound, otherLanguage, splitQuestions, translateByModel, understand } from "./understand";

const MAX_OUTPUT_TOKENS = 800;
const MAX_ANSWER_CHARACTERS = 20_000;
/** Stands at the end of an answer that a budget ended; of no language. */
const CUT_MARK = " […]";

interface Outcome {
  status: AnswerStatus | "failed";
  error?: AppError | Error;
}

/** How an answer is timed, and where it ends: with `finish_turn`, unless `settle` keeps it elsewhere. */
interface Frame {
  /** Of `performance.now()`. */
  startedAt: number;
  beginMs: number;
  withTrace: boolean;
  settle?: (calls: CallRecord[]) => Promise<boolean>;
}

/** One answer, from the question that was accepted to the turn that is stored. */
export class Answer {
  private text = "";
  private chunks: SelectedPassage[] = [];
  private candidates: RankedChunk[] = [];
  private confidence = 0;
  /** As it was searched for. */
  private query = "";
  /** The question's, two letters. */
  private language: string | null = null;
  private understandMs = 0;
  private embedMs = 0;
  private retrieveMs = 0;
  private firstTokenMs: number | null = null;
  private usage = { inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
  private filter = new CitationFilter(0);
  private check: AnswerCheck | null = null;
  private cut: Cut | null = null;
  private readonly model: ChatModelInfo;
  /** For the trace: why passages were not given to the model, by their ids; what it was sent; the calls made. */
  private readonly cuts = new Map<string, TraceCandidate["cut"]>();
  private prompt: Trace["prompt"] = [];
  private calls: CallRecord[] = [];

  constructor(
    private readonly deps: ChatDeps,
    private readonly turn: OpenTurn,
    private readonly message: PostMessage,
    private readonly answerId: string,
    private readonly clock: Frame,
  ) {
    this.model = chatModelOf(deps.gateway, turn.agent);
  }

  /** Writes the answer and settles it. Never throws: a failure is the last event. */
  async run(writer: AnswerStream, signal: AbortSignal): Promise<void> {
    this.deps.calls.open(this.answerId);
    const outcome = await this.produce(writer, signal).catch((thrown: unknown): Outcome => {
      const error = signal.aborted ? signal.reason : thrown;
      if (signal.aborted && !(error instanceof AppError)) return { status: "stopped" };
      return { status: "failed", error: error instanceof Error ? error : new Error(String(error)) };
    });
    const citations = await this.citations();
    const shown: TurnEvent = {
      event: "citations",
      data: { citations: citations.map(({ chunkId: _chunk, pageId: _page, ...citation }) => citation) },
    };
    const isJudged = outcome.status === "complete" && (await this.judge(writer, shown, signal));
    const stored = await this.finish(outcome, citations).catch((error: Error) => {
      log.error({
        event: "chat.finish_failed",
        tenantId: this.turn.tenantId,
        answerId: this.answerId,
        reason: error.message,
      });
      return false;
    });
    if (stored && !this.clock.settle) await this.handOver(outcome.status);
    if (outcome.status !== "failed" && !isJudged) writer.hold(shown);
    if (this.clock.withTrace) writer.hold({ event: "trace", data: this.trace() });
    if (outcome.status === "failed") {
      log.warn({
        event: "chat.answer_failed",
        tenantId: this.turn.tenantId,
        answerId: this.answerId,
        reason: outcome.error?.message,
      });
      const { error } = outcome;
      writer.hold({ event: "error", data: this.clock.withTrace ? publicError(error) : forVisitors(error) });
    } else
      writer.hold({
        event: "done",
        data: doneOf(outcome.status, this.answerId, this.cut),
      });
    writer.flush();
    log.info({
      event: "chat.answered",
      tenantId: this.turn.tenantId,
      agentId: this.turn.agentId,
      status: outcome.status,
      stored,
      firstTokenMs: this.firstTokenMs,
      totalMs: this.elapsed(),
    });
  }

  /** What the agent's rules say about calling a person. The answer is there already: it does not depend on it. */
  private async handOver(status: Outcome["status"]): Promise<void> {
    const { tenantId, agent } = this.turn;
    const { keywords, onLowConfidence } = agent.settings.handover;
    const reason = calls(keywords, this.message.text)
      ? "keyword"
      : onLowConfidence && status === "no_answer"
        ? "low_confidence"
        : null;
    if (!reason) return;
    const args = { tenant_id: tenantId, conversation_id: this.message.conversationId, reason };
    await call(this.deps.db, "hand_over_by_rule", args).catch((error: Error) =>
      log.error({ event: "chat.hand_over_failed", tenantId, answerId: this.answerId, reason: error.message }),
    );
  }

  private async produce(writer: AnswerStream, signal: AbortSignal): Promise<Outcome> {
    const { tenantId, agentId, agent, history } = this.turn;
    const meta = { tenantId, agentId, messageId: this.answerId };
    const { budget, gateway } = this.deps;
    const { settings, embeddingModel } = agent;
    const { text, questions, language } = await withinStep(
      budget.stepMs,
      understand(gateway, {
        text: this.message.text,
        history,
        language: agent.language,
        model: this.model,
        signal,
        meta,
      }),
    );
    this.language = language;
    const answered = answerLanguage(language, settings.languages);
    const fallback = fallbackIn(settings, answered ?? language);
    this.understandMs = this.elapsed() - this.clock.beginMs;
    const asker = { tenantId, agentId, embeddingModel, messageId: this.answerId, signal };
    const search = async (questions: string[], language: string): Promise<Retrieved> =>
      joinFound(
        await withinStep(
          budget.stepMs,
          Promise.all(questions.map((question) => retrieve(this.deps, { ...asker, language, question }))),
        ),
      );
    let found = await search(questions, language);
    if (found.confidence < settings.confidenceThreshold) {
      const other = this.model.isLocal ? null : otherLanguage(language, found.chunks, agent.language);
      const asked = { question: text, model: this.model, signal, meta };
      const translated = other && (await translateByModel(gateway, { ...asked, language: other }));
      const again = translated && (await search(splitQuestions(translated, other), other));
      if (again && again.confidence > found.confidence) found = again;
    }
    this.query = found.question;
    this.embedMs = found.timings.embedMs;
    this.retrieveMs = found.timings.searchMs;
    this.confidence = found.confidence;
    this.candidates = found.chunks;
    if (found.chunks.length === 0 || found.confidence < settings.confidenceThreshold) {
      for (const { chunkId } of found.chunks) this.cuts.set(chunkId, "unsure");
      this.emit(writer, fallback);
      return { status: "no_answer" };
    }
    const rules = {
      agentName: agent.name,
      settings: { ...settings, fallbackMessage: fallback },
      language: answered,
    };
    const selected = selectPassages(found.chunks, {
      question: text,
      onCut: ({ chunkId }, why) => this.cuts.set(chunkId, why),
    });
    const fitted = fitPrompt(budget, this.deps.calls.spent(this.answerId), this.model, MAX_OUTPUT_TOKENS, {
      fixed: [answerRules(rules), settings.instructions, this.message.text],
      history,
      passages: selected,
    });
    this.chunks = fitted.passages;
    for (const { chunkIds } of selected.slice(this.chunks.length))
      for (const id of chunkIds) this.cuts.set(id, "budget");
    this.filter = new CitationFilter(this.chunks.length);
    const check = this.checkOf(writer, fallback);
    const late = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const messages = answerPrompt({ ...rules, history: fitted.history });
    const asked = {
      sources: this.chunks.map(passage),
      // The local model reads no conversation.
      question: this.model.isLocal ? text : this.message.text,
    };
    if (this.clock.withTrace) this.prompt = [...messages, { role: "user", content: renderQuestion(asked) }];
    const { stream } = gateway.chat({
      model: modelKey(this.model),
      messages,
      ...asked,
      maxOutputTokens: fitted.maxOutputTokens,
      temperature: settings.temperature,
      signal: AbortSignal.any([signal, late.signal]),
      meta: { ...meta, step: "answer" },
    });
    try {
      for await (const event of stream) {
        signal.throwIfAborted();
        timer ??= setTimeout(() => late.abort(), budget.stepMs);
        if (event.type === "finish" && event.finishReason === "length") this.cut = fitted.cut;
        this.take(check, event);
        if (this.text.length > MAX_ANSWER_CHARACTERS) {
          this.cut = "tokens";
          break;
        }
      }
    } catch (error) {
      if (!late.signal.aborted || signal.aborted) throw error;
      this.cut = "time";
    } finally {
      clearTimeout(timer);
    }
    check.push(this.filter.end());
    check.end();
    signal.throwIfAborted();
    if (this.cut && this.text.trim() !== "") this.emit(writer, CUT_MARK);
    if (this.text.trim() === "")
      throw new AppError("upstream_failed", "The model gave no answer. Try again in a moment.");
    return { status: this.text.trim() === fallback.trim() ? "no_answer" : "complete" };
  }

  /** Asks the judge, if there is one, when text and citations have left: marks follow. Whether it was asked. */
  private async judge(writer: AnswerStream, citations: TurnEvent, signal: AbortSignal): Promise<boolean> {
    const { judgeModel: model, budget, gateway, calls } = this.deps;
    const { check } = this;
    if (!model || !check) return false;
    const sentences = citing(check.sentences, check.checks);
    const passages = this.chunks.map(passage);
    const { tokens, costMicroUsd } = calls.spent(this.answerId);
    const left = Math.min(budget.tokens - tokens, costMicroUsd < budget.costMicroUsd ? budget.tokens : 0);
    if (sentences.length === 0 || estimateTokens(caseOf(sentences, passages)) > left) return false;
    writer.hold(citations);
    writer.flush();
    const { tenantId, agentId } = this.turn;
    const meta = { tenantId, agentId, messageId: this.answerId };
    const marks = await judge(gateway, { model, sentences, passages, timeoutMs: budget.stepMs, signal, meta });
    if (marks.length > 0) {
      check.checks.push(...marks);
      writer.hold({ event: "checks", data: { checks: check.checks } });
    }
    return true;
  }

  /** What the model says goes through it to the visitor. */
  private checkOf(writer: AnswerStream, fallback: string): AnswerCheck {
    const { agent, history } = this.turn;
    const { settings } = agent;
    const said = [this.message.text, ...history.filter(({ role }) => role === "visitor").map(({ text }) => text)];
    const check: AnswerCheck = checkAnswer(
      {
        passages: this.chunks.map(passage),
        said: [...said, agent.name, fallback],
        language: agent.language,
        // Its sentence for not knowing is meant to be said.
        rules: answerRules({ agentName: agent.name, settings: { ...settings, fallbackMessage: "" }, language: null }),
        instructions: settings.instructions,
      },
      (text, hasNewChecks) => {
        if (hasNewChecks) writer.hold({ event: "checks", data: { checks: check.checks } });
        this.emit(writer, text);
      },
    );
    this.check = check;
    return check;
  }

  private take(check: AnswerCheck, event: ChatEvent): void {
    if (event.type === "text") check.push(this.filter.push(printable(event.text).slice(0, MAX_ANSWER_CHARACTERS)));
    else
      this.usage = {
        inputTokens: event.usage.inputTokens,
        outputTokens: event.usage.outputTokens,
        costMicroUsd: event.costMicroUsd,
      };
  }

  private emit(writer: AnswerStream, text: string): void {
    if (!text) return;
    this.firstTokenMs ??= this.elapsed();
    const whole = text.toWellFormed();
    this.text += whole;
    writer.delta(whole);
  }

  private async citations(): Promise<(Citation & { chunkId: string; pageId: string })[]> {
    const used = [...this.filter.used].sort((a, b) => a - b);
    const cited = used.map((number) => this.chunks[number - 1]!);
    const publicFiles = await publicFilesOf(this.deps.db, this.turn.tenantId, cited).catch(() => new Set<string>());
    const reach = { appOrigin: this.deps.appOrigin, publicFiles };
    const claims = claimsOf(this.text);
    return used.map((number) => {
      const chunk = this.chunks[number - 1]!;
      const quote = quoteFor(chunk.content, {
        claim: claims.get(number) ?? "",
        question: this.message.text,
        language: this.turn.agent.language,
      });
      return {
        number,
        url: citationUrl(chunk, reach, quote.markdown),
        title: chunk.title,
        heading: citationHeading(chunk),
        quote: quote.text,
        chunkId: chunk.chunkId,
        pageId: chunk.pageId,
      };
    });
  }

  private finish({ status, error }: Outcome, citations: unknown[]): Promise<boolean> {
    this.calls = this.deps.calls.close(this.answerId);
    if (this.clock.settle) return this.clock.settle(this.calls);
    return finishTurn(this.deps.db, {
      tenant_id: this.turn.tenantId,
      answer_id: this.answerId,
      status,
      text: this.text,
      confidence: this.confidence,
      error_code: error ? publicError(error).code : null,
      citations: json(citations),
      calls: json(this.calls),
      details: json({
        promptId: ANSWER_PROMPT_ID,
        model: modelKey(this.model),
        versionId: this.turn.agent.versionId,
        language: this.language,
        usage: this.usage,
        timings: this.timings(),
        ...(this.cut && { cut: this.cut }),
      }),
      checks: json(this.check?.checks ?? []),
    });
  }

  private trace(): Trace {
    return traceOf({
      agent: this.turn.agent,
      model: this.model,
      query: this.query,
      language: this.language,
      candidates: this.candidates,
      chunks: this.chunks,
      cuts: this.cuts,
      confidence: this.confidence,
      usage: this.usage,
      checks: this.check?.checks ?? [],
      prompt: this.prompt,
      calls: this.calls,
      timings: this.timings(),
    });
  }

  private timings(): Trace["timings"] {
    return {
      beginMs: Math.round(this.clock.beginMs),
      understandMs: Math.max(0, Math.round(this.understandMs)),
      embedMs: Math.round(this.embedMs),
      retrieveMs: Math.round(this.retrieveMs),
      firstTokenMs: this.firstTokenMs,
      totalMs: this.elapsed(),
    };
  }

  private elapsed(): number {
    return Math.round(performance.now() - this.clock.startedAt);
  }
}

/** What went wrong at a provider names keys, addresses and models: members can mend that, a visitor is told that it was not the question. */
function forVisitors(error: unknown): ReturnType<typeof publicError> {
  const shown = publicError(error);
  const isOurs = /^(?:model_misconfigured|config_invalid|upstream_failed|timeout)$/.test(shown.code);
  return isOurs ? { ...shown, message: "The answer could not be given. Try again in a moment." } : shown;
}

/** What a version chose, or this installation's own where that is not offered here any more: a visitor is answered all the same. */
export function chatModelOf(gateway: Gateway, { settings, versionId }: AnsweringConfig): ChatModelInfo {
  if (settings.model === null) return gateway.chatModel;
  const chosen = gateway.chatModelInfo(settings.model);
  if (!chosen) log.warn({ event: "chat.model_unavailable", versionId, model: settings.model });
  return chosen ?? gateway.chatModel;
}

/** Whether a message holds one of these words or phrases, as words of its own. */
const calls = (keywords: readonly string[], text: string): boolean =>
  keywords.some((keyword) => {
    const pattern = keyword.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
    return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, "iu").test(text);
  });

/** An answer that was shown is stored, also when every connection is busy for a while. Only what was surely not sent is sent again. */
async function finishTurn(db: ChatDeps["db"], args: Record<string, unknown>, triesLeft = 5): Promise<boolean> {
  try {
    return await call<boolean>(db, "finish_turn", args);
  } catch (error) {
    if (triesLeft <= 1 || !(error instanceof AppError) || error.code !== "upstream_busy") throw error;
    return finishTurn(db, args, triesLeft - 1);
  }
}

const passage = (chunk: RankedChunk, index: number): Passage => {
  const heading = passageHeading(chunk);
  return {
    number: index + 1,
    title: chunk.title,
    ...(heading ? { heading } : {}),
    url: /^https?:/.test(chunk.url) ? chunk.url : "",
    text: chunk.content,
  };
};
