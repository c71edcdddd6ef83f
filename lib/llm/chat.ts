import type { LanguageModelV4Prompt, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { AppError } from "@/lib/core/errors";
import { estimateTokens } from "@/lib/core/text/tokens";
import { type ChatModelEntry, chatCostMicroUsd } from "./catalog";
import type { PartReader } from "./completions";
import { BadReply, toFailure } from "./errors";
import { gatherFromNow } from "./http";
import { Meter, type OnCall, outcomeOf } from "./meter";
import type { OpenChat } from "./providers";
import { pauseMs, Stopper } from "./retry";
import { renderQuestion } from "./sources";
import type { ChatEvent, ChatInput, ChatMessage, FinishReason, Limits, ModelRef, Usage } from "./types";

type Deps = {
  ref: ModelRef;
  entry: ChatModelEntry;
  loadModel: () => Promise<OpenChat>;
  limits: Limits;
  onCall: OnCall;
};
type Part = LanguageModelV4StreamPart;
type FinishPart = Extract<Part, { type: "finish" }>;

const DEFAULT_OUTPUT_TOKENS = 1_024;
/** A pause longer than this is the visitor's to decide: the error carries `retryAfterMs` instead. */
const MAX_PAUSE_MS = 5_000;
/** Twice what text takes per token: only a server that ignores its limit writes more. */
const MAX_CHARS_PER_TOKEN = 8;

/**
 * One answer, at the level of the provider's `doStream`. Tries again until the first text has been passed on, never after.
 * Ends with exactly one record, also when the reader walks away or stops reading without a word.
 * @throws AppError "model_misconfigured", "upstream_busy", "upstream_failed", "timeout", "aborted", "content_too_large"
 */
export async function* streamChat(deps: Deps, input: ChatInput): AsyncGenerator<ChatEvent, void, undefined> {
  const call = new ChatCall(deps, input);
  try {
    while (await call.nextAttempt()) {
      try {
        for (let text = await call.nextText(); text !== undefined; text = await call.nextText()) {
          yield { type: "text", text };
        }
        yield call.finish();
        return;
      } catch (thrown) {
        call.attemptFailed(thrown);
      }
    }
  } catch (thrown) {
    throw call.fail(thrown);
  } finally {
    call.close();
  }
}

class ChatCall {
  private readonly meter: Meter;
  private readonly stopper = new Stopper();
  private readonly prompt: LanguageModelV4Prompt;
  private readonly maxOutputTokens: number;
  private readonly name: string;
  private readonly totalTimer: NodeJS.Timeout;
  private readonly firstTokenTimer: NodeJS.Timeout;
  private idleTimer: NodeJS.Timeout | undefined;
  private controller = new AbortController();
  private reader: PartReader | undefined;
  private isReading = false;
  private attempt = 0;
  private pauseMs = 0;
  private wasAccepted = false;
  private wasReadToEnd = false;
  private output = "";
  private finishPart: FinishPart | undefined;

  constructor(
    private readonly deps: Deps,
    private readonly input: ChatInput,
  ) {
    const { ref, limits, onCall } = deps;
    this.meter = new Meter(input.meta, ref, onCall);
    this.prompt = toPrompt(input);
    this.maxOutputTokens = Math.min(
      input.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS,
      deps.entry.maxOutputTokens ?? Infinity,
    );
    this.name = `${ref.provider}/${ref.id}`;
    this.stopper.onStop((error) => {
      this.settleFailure(error);
      this.reader?.cancel().catch(() => {});
    });
    const stopAfter = (ms: number, what: string) =>
      setTimeout(() => this.stopper.stop(new AppError("timeout", `${this.name} ${what}.`)), ms);
    this.totalTimer = stopAfter(limits.totalMs, "took too long to answer");
    this.firstTokenTimer = stopAfter(limits.firstTokenMs, "did not begin to answer in time");
    input.signal?.addEventListener("abort", this.onAbort, { once: true });
    if (input.signal?.aborted) this.onAbort();
  }

  /** Begins an attempt, after the pause that the last failure asked for. */
  async nextAttempt(): Promise<true> {
    if (this.pauseMs > 0) await this.stopper.sleep(this.pauseMs);
    if (this.stopper.error) throw this.stopper.error;
    this.attempt++;
    this.controller = this.stopper.controller();
    this.reader = undefined;
    this.wasReadToEnd = false;
    this.finishPart = undefined;
    return true;
  }

  /** The next piece, or undefined at the end of the answer. */
  async nextText(): Promise<string | undefined> {
    this.reader ??= await this.open();
    if (this.isOverLimit) return undefined;
    for (;;) {
      if (this.stopper.error) throw this.stopper.error;
      this.isReading = true;
      const { done, value: part } = await this.reader.read();
      this.isReading = false;
      if (this.stopper.error) throw this.stopper.error;
      if (done || !part) {
        this.wasReadToEnd = true;
        return undefined;
      }
      if (part.type === "error") throw part.error;
      if (part.type === "finish") this.finishPart = part;
      if (part.type !== "text-delta" || part.delta === "") continue;
      if (this.output === "") this.onFirstText();
      else this.idleTimer?.refresh();
      const text = part.delta.slice(0, this.limit - this.output.length);
      this.output += text;
      return text;
    }
  }

  /** @throws BadReply when what came is no complete answer */
  finish(): ChatEvent {
    const finishReason = this.isOverLimit ? "length" : toFinishReason(this.finishPart);
    if (!finishReason) throw new BadReply("broke off in the middle of an answer");
    if (this.output === "" && finishReason === "length") {
      throw new BadReply("returned an empty answer: maxOutputTokens was used up before the first word", false);
    }
    if (this.output === "" && finishReason !== "filtered") throw new BadReply("returned an empty answer");
    const usage = toUsage(this.finishPart) ?? estimateUsage(this.prompt, this.output);
    return { type: "finish", usage, finishReason, costMicroUsd: this.settle(undefined, usage) };
  }

  /** Returns when another attempt is in order, throws what ends the call otherwise. */
  attemptFailed(thrown: unknown): void {
    if (this.stopper.error) throw this.stopper.error;
    const { ref, limits } = this.deps;
    const failure = toFailure(thrown, ref, "CHAT_MODEL");
    this.pauseMs = pauseMs(this.attempt, limits.backoffMs, failure.error);
    const longestMs = Math.min(MAX_PAUSE_MS, limits.firstTokenMs - this.meter.elapsedMs);
    const isOver = this.output !== "" || this.attempt >= limits.attempts || this.pauseMs > longestMs;
    if (isOver || !failure.canRetry) throw failure.error;
    this.controller.abort();
    this.wasAccepted = false;
  }

  fail(thrown: unknown): AppError {
    const { error } = toFailure(thrown, this.deps.ref, "CHAT_MODEL");
    this.settleFailure(error);
    return error;
  }

  /** Lets go of everything. When the answer is still running here, the reader has left it. */
  close(): void {
    if (!this.wasReadToEnd) this.stopper.stop(new AppError("aborted", "The answer was not read to its end."));
    clearTimeout(this.totalTimer);
    clearTimeout(this.firstTokenTimer);
    clearTimeout(this.idleTimer);
    this.input.signal?.removeEventListener("abort", this.onAbort);
  }

  private readonly onAbort = () => this.stopper.stop(new AppError("aborted", "The answer was stopped."));

  private readonly onIdle = () => {
    // Silence is the reader's own while it holds the last piece; the total limit still applies.
    if (!this.isReading) this.idleTimer?.refresh();
    else this.stopper.stop(new AppError("timeout", `${this.name} fell silent in the middle of an answer.`));
  };

  private get limit(): number {
    return this.maxOutputTokens * MAX_CHARS_PER_TOKEN;
  }

  private get isOverLimit(): boolean {
    return this.output.length >= this.limit;
  }

  private async open(): Promise<PartReader> {
    const openChat = await this.stopper.race(this.deps.loadModel());
    const opened = openChat({
      prompt: this.prompt,
      maxOutputTokens: this.maxOutputTokens,
      temperature: this.input.temperature,
      reasoning: this.deps.entry.reasoning,
      includeRawChunks: false,
      abortSignal: this.controller.signal,
    });
    const reader = await this.stopper.race(opened);
    this.wasAccepted = true;
    return reader;
  }

  private onFirstText(): void {
    this.meter.firstToken();
    clearTimeout(this.firstTokenTimer);
    this.idleTimer = setTimeout(this.onIdle, this.deps.limits.idleMs);
    gatherFromNow(this.controller.signal);
  }

  private settle(error: AppError | undefined, usage: Usage): number {
    const costMicroUsd = chatCostMicroUsd(this.deps.entry, usage);
    const result = { ...usage, costMicroUsd, attempts: this.attempt };
    this.meter.settle(error ? outcomeOf(error) : "ok", result, error?.code);
    return costMicroUsd;
  }

  /** A call that was refused costs nothing; one that was cut off costs what went over the line, as far as we know. */
  private settleFailure(error: AppError): void {
    const wasSent = this.wasAccepted || (this.attempt > 0 && outcomeOf(error) !== "error");
    this.settle(error, wasSent ? estimateUsage(this.prompt, this.output) : NO_USAGE);
  }
}

const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, estimated: false };

function toPrompt({ messages, sources, question }: ChatInput): LanguageModelV4Prompt {
  const asked: ChatMessage[] =
    question === undefined ? [] : [{ role: "user", content: renderQuestion({ sources, question }) }];
  return [...messages, ...asked].map(({ role, content }) =>
    role === "system" ? { role, content } : { role, content: [{ type: "text", text: content }] },
  );
}

/** Undefined when the answer ended without the provider saying so: it may be half of one. */
function toFinishReason(part: FinishPart | undefined): FinishReason | undefined {
  switch (part?.finishReason.unified) {
    case undefined:
    case "interrupted":
    case "error":
      return undefined;
    case "stop":
    case "length":
      return part.finishReason.unified;
    case "content-filter":
      return "filtered";
    default:
      return "other";
  }
}

function toUsage(part: FinishPart | undefined): Usage | undefined {
  const { inputTokens, outputTokens } = part?.usage ?? {};
  if (inputTokens?.total === undefined || outputTokens?.total === undefined) return undefined;
  const cachedTokens = inputTokens.cacheRead ?? 0;
  return { inputTokens: inputTokens.total, outputTokens: outputTokens.total, cachedTokens, estimated: false };
}

function estimateUsage(prompt: LanguageModelV4Prompt, output: string): Usage {
  let inputTokens = 0;
  for (const { content } of prompt) {
    if (typeof content === "string") inputTokens += estimateTokens(content) + 4;
    else for (const part of content) if (part.type === "text") inputTokens += estimateTokens(part.text) + 4;
  }
  return { inputTokens, outputTokens: output === "" ? 0 : estimateTokens(output), cachedTokens: 0, estimated: true };
}
