import { AppError } from "@/lib/core/errors";
import { printable } from "@/lib/core/text/printable";
import type { ChatEvent } from "@/lib/llm";
import { type AnswerCheck, type AnswerLimits, checkAnswer } from "../grounding/answer-check";
import type { Cut } from "../schema";
import type { AnswerStream } from "../stream/answer-stream";
import type { BudgetLimits } from "./budget";
import { CitationFilter } from "./citation-filter";

const MAX_ANSWER_CHARACTERS = 20_000;
/** Stands at the end of an answer that a budget ended; of no language. */
const CUT_MARK = " […]";

/**
 * The words of one answer on their way from the model to the visitor: numbers that name no passage are taken out, sentences are checked, and what
 * has left is kept.
 */
export class Speech {
  text = "";
  firstTokenMs: number | null = null;
  usage = { inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
  /** Which limit ended it. */
  cut: Cut | null = null;
  /** Null while nothing but our own words was said. */
  check: AnswerCheck | null = null;
  private filter = new CitationFilter(0);

  /** @param startedAt of `performance.now()` */
  constructor(
    private readonly writer: AnswerStream,
    private readonly startedAt: number,
  ) {}

  /** The numbers of the passages that it names, in their order. */
  get cited(): number[] {
    return [...this.filter.used].sort((a, b) => a - b);
  }

  /** Goes to the visitor as it is. */
  say(text: string): void {
    if (!text) return;
    this.firstTokenMs ??= Math.round(performance.now() - this.startedAt);
    const whole = text.toWellFormed();
    this.text += whole;
    this.writer.delta(whole);
  }

  /** What the model says from now on has to keep within these limits. */
  checkBy(limits: AnswerLimits): void {
    this.filter = new CitationFilter(limits.passages.length);
    const check: AnswerCheck = checkAnswer(limits, (text, hasNewChecks) => {
      if (hasNewChecks) this.writer.hold({ event: "checks", data: { checks: check.checks } });
      this.say(text);
    });
    this.check = check;
  }

  /**
   * Reads what the model says to its end, after `checkBy`.
   * @param late aborted when it takes longer than a step from its first word on: what was said stands, and is marked as cut
   * @param cut the limit that ends an answer of the longest length
   * @throws AppError upstream_failed when it says nothing
   */
  async pass(
    stream: AsyncIterable<ChatEvent>,
    { budget, cut, late, signal }: { budget: BudgetLimits; cut: Cut; late: AbortController; signal: AbortSignal },
  ): Promise<void> {
    const check = this.check!;
    let timer: NodeJS.Timeout | undefined;
    try {
      for await (const event of stream) {
        signal.throwIfAborted();
        timer ??= setTimeout(() => late.abort(), budget.stepMs);
        if (event.type === "finish" && event.finishReason === "length") this.cut = cut;
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
    if (this.cut && this.text.trim() !== "") this.say(CUT_MARK);
    if (this.text.trim() === "")
      throw new AppError("upstream_failed", "The model gave no answer. Try again in a moment.");
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
}
