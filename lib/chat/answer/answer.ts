import { fallbackIn } from "@/lib/agents/schema";
import { AppError, publicError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { estimateTokens } from "@/lib/core/text/tokens";
import { json } from "@/lib/db/pool";
import { type RankedChunk, type SelectedPassage, selectPassages } from "@/lib/knowledge";
import type { SearchFilters } from "@/lib/knowledge/schema";
import { type CallRecord, type ChatModelInfo, modelKey, type Passage, renderQuestion } from "@/lib/llm";
import type { OpenTurn } from "../begin-turn";
import type { ChatDeps } from "../deps";
import type { AnswerLimits } from "../grounding/answer-check";
import { caseOf, citing, judge } from "../grounding/judge";
import { ANSWER_PROMPT_ID, answerLanguage, answerPrompt, answerRules } from "../prompts/answer";
import {
  type AnswerStatus,
  doneOf,
  type PostMessage,
  type Trace,
  type TraceCandidate,
  type TurnEvent,
} from "../schema";
import type { AnswerStream } from "../stream/answer-stream";
import { understand } from "../understand";
import { fitPrompt, withinStep } from "./budget";
import { chatModelOf } from "./chat-model";
import { citationsOf, passageOf } from "./cite";
import { findPassages } from "./find-passages";
import { finishTurn } from "./finish-turn";
import { handOverByRule } from "./hand-over-by-rule";
import { Speech } from "./speech";
import { traceOf } from "./trace";

const MAX_OUTPUT_TOKENS = 800;

interface Outcome {
  status: AnswerStatus | "failed";
  error?: Error;
}

/** How an answer is timed, where it is searched for (everywhere, unless `filters` say so), and where it ends: with `finish_turn`, unless `settle` keeps it elsewhere. */
interface Frame {
  /** Of `performance.now()`. */
  startedAt: number;
  beginMs: number;
  withTrace: boolean;
  filters?: SearchFilters | null;
  settle?: (calls: CallRecord[]) => Promise<boolean>;
}

/**
 * One answer, from the question that was accepted to the turn that is stored: the order of its steps, and what is known after each. What a step
 * does stands in its own file.
 */
export class Answer {
  private readonly model: ChatModelInfo;
  private readonly speech: Speech;
  /** The question's, two letters. */
  private language: string | null = null;
  /** As it was searched for. */
  private query = "";
  private candidates: RankedChunk[] = [];
  private confidence = 0;
  /** Given to the model, in the order of their numbers. */
  private chunks: SelectedPassage[] = [];
  private passages: Passage[] = [];
  private understandMs = 0;
  private embedMs = 0;
  private retrieveMs = 0;
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
    private readonly writer: AnswerStream,
  ) {
    this.model = chatModelOf(deps.gateway, turn.agent);
    this.speech = new Speech(writer, clock.startedAt);
  }

  /** Writes the answer and settles it. Never throws: a failure is the last event. */
  async run(signal: AbortSignal): Promise<void> {
    const { writer } = this;
    this.deps.calls.open(this.answerId);
    const outcome = await this.produce(signal).catch((thrown: unknown): Outcome => {
      const error = signal.aborted ? signal.reason : thrown;
      if (signal.aborted && !(error instanceof AppError)) return { status: "stopped" };
      return { status: "failed", error: error instanceof Error ? error : new Error(String(error)) };
    });
    const citations = await citationsOf(this.deps, {
      tenantId: this.turn.tenantId,
      language: this.turn.agent.language,
      question: this.message.text,
      text: this.speech.text,
      numbers: this.speech.cited,
      chunks: this.chunks,
    });
    const shown: TurnEvent = {
      event: "citations",
      data: { citations: citations.map(({ chunkId: _chunk, pageId: _page, ...citation }) => citation) },
    };
    const isJudged = outcome.status === "complete" && (await this.judge(shown, signal));
    const stored = await this.finish(outcome, citations).catch((error: Error) => {
      log.error({
        event: "chat.finish_failed",
        tenantId: this.turn.tenantId,
        answerId: this.answerId,
        reason: error.message,
      });
      return false;
    });
    if (stored && !this.clock.settle)
      await handOverByRule(this.deps.db, this.turn, this.message, this.answerId, outcome.status);
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
        data: doneOf(outcome.status, this.answerId, this.speech.cut),
      });
    writer.flush();
    log.info({
      event: "chat.answered",
      tenantId: this.turn.tenantId,
      agentId: this.turn.agentId,
      status: outcome.status,
      stored,
      firstTokenMs: this.speech.firstTokenMs,
      totalMs: this.elapsed(),
    });
  }

  private async produce(signal: AbortSignal): Promise<Outcome> {
    const { tenantId, agentId, agent, history } = this.turn;
    const meta = { tenantId, agentId, messageId: this.answerId };
    const { budget, gateway } = this.deps;
    const { settings } = agent;
    const asked = await withinStep(
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
    this.language = asked.language;
    const answered = answerLanguage(asked.language, settings.languages);
    const fallback = fallbackIn(settings, answered ?? asked.language);
    this.understandMs = this.elapsed() - this.clock.beginMs;
    const found = await findPassages(this.deps, this.turn, asked, {
      model: this.model,
      filters: this.filters,
      signal,
      meta,
    });
    this.query = found.question;
    this.embedMs = found.timings.embedMs;
    this.retrieveMs = found.timings.searchMs;
    this.confidence = found.confidence;
    this.candidates = found.chunks;
    if (found.chunks.length === 0 || found.confidence < settings.confidenceThreshold) {
      for (const { chunkId } of found.chunks) this.cuts.set(chunkId, "unsure");
      this.speech.say(fallback);
      return { status: "no_answer" };
    }
    const rules = {
      agentName: agent.name,
      settings: { ...settings, fallbackMessage: fallback },
      language: answered,
    };
    const selected = selectPassages(found.chunks, {
      question: asked.text,
      onCut: ({ chunkId }, why) => this.cuts.set(chunkId, why),
    });
    const fitted = fitPrompt(budget, this.deps.calls.spent(this.answerId), this.model, MAX_OUTPUT_TOKENS, {
      fixed: [answerRules(rules), settings.instructions, this.message.text],
      history,
      passages: selected,
    });
    this.chunks = fitted.passages;
    this.passages = this.chunks.map(passageOf);
    for (const { chunkIds } of selected.slice(this.chunks.length))
      for (const id of chunkIds) this.cuts.set(id, "budget");
    this.speech.checkBy(this.limits(fallback));
    const late = new AbortController();
    const messages = answerPrompt({ ...rules, history: fitted.history });
    const question = {
      sources: this.passages,
      // The local model reads no conversation.
      question: this.model.isLocal ? asked.text : this.message.text,
    };
    if (this.clock.withTrace) this.prompt = [...messages, { role: "user", content: renderQuestion(question) }];
    const { stream } = gateway.chat({
      model: modelKey(this.model),
      messages,
      ...question,
      maxOutputTokens: fitted.maxOutputTokens,
      temperature: settings.temperature,
      signal: AbortSignal.any([signal, late.signal]),
      meta: { ...meta, step: "answer" },
    });
    await this.speech.pass(stream, { budget, cut: fitted.cut, late, signal });
    return { status: this.speech.text.trim() === fallback.trim() ? "no_answer" : "complete" };
  }

  /** What the answer may say beside its passages, and what it may not. */
  private limits(fallback: string): AnswerLimits {
    const { agent, history } = this.turn;
    const { settings } = agent;
    const said = [this.message.text, ...history.filter(({ role }) => role === "visitor").map(({ text }) => text)];
    return {
      passages: this.passages,
      said: [...said, agent.name, fallback],
      language: agent.language,
      // Its sentence for not knowing is meant to be said.
      rules: answerRules({ agentName: agent.name, settings: { ...settings, fallbackMessage: "" }, language: null }),
      instructions: settings.instructions,
    };
  }

  /** Asks the judge, if there is one, when text and citations have left: marks follow. Whether it was asked. */
  private async judge(citations: TurnEvent, signal: AbortSignal): Promise<boolean> {
    const { judgeModel: model, budget, gateway, calls } = this.deps;
    const { writer, passages } = this;
    const { check } = this.speech;
    if (!model || !check) return false;
    const sentences = citing(check.sentences, check.checks);
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

  private finish({ status, error }: Outcome, citations: unknown[]): Promise<boolean> {
    this.calls = this.deps.calls.close(this.answerId);
    if (this.clock.settle) return this.clock.settle(this.calls);
    return finishTurn(this.deps.db, {
      tenant_id: this.turn.tenantId,
      answer_id: this.answerId,
      status,
      text: this.speech.text,
      confidence: this.confidence,
      error_code: error ? publicError(error).code : null,
      citations: json(citations),
      calls: json(this.calls),
      details: json({
        promptId: ANSWER_PROMPT_ID,
        model: modelKey(this.model),
        versionId: this.turn.agent.versionId,
        language: this.language,
        usage: this.speech.usage,
        timings: this.timings(),
        ...(this.speech.cut && { cut: this.speech.cut }),
      }),
      checks: json(this.speech.check?.checks ?? []),
    });
  }

  private get filters(): SearchFilters | null {
    return this.clock.filters ?? null;
  }

  private trace(): Trace {
    return traceOf({
      agent: this.turn.agent,
      model: this.model,
      query: this.query,
      language: this.language,
      filters: this.filters,
      candidates: this.candidates,
      chunks: this.chunks,
      cuts: this.cuts,
      confidence: this.confidence,
      usage: this.speech.usage,
      checks: this.speech.check?.checks ?? [],
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
      firstTokenMs: this.speech.firstTokenMs,
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
