import type { AppError, ErrorCode } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { CallMeta, CallOutcome, CallRecord, ModelRef } from "./types";

export type OnCall = (record: CallRecord) => void | Promise<void>;

type Result = {
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  costMicroUsd: number;
  estimated: boolean;
  attempts: number;
};

/** The stopwatch and the receipt of one call: whatever happens, `settle` reports it once and never throws. */
export class Meter {
  private readonly startedAt = performance.now();
  private firstTokenMs: number | null = null;
  private settled = false;

  constructor(
    private readonly meta: CallMeta,
    private readonly model: ModelRef,
    private readonly onCall: OnCall,
  ) {}

  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  firstToken(): void {
    this.firstTokenMs ??= Math.round(this.elapsedMs);
  }

  /** Only the first call counts. */
  settle(outcome: CallOutcome, result: Result, errorCode?: ErrorCode): void {
    if (this.settled) return;
    this.settled = true;
    const record: CallRecord = {
      ...this.meta,
      provider: this.model.provider,
      model: this.model.id,
      ...result,
      latencyMs: Math.round(this.elapsedMs),
      firstTokenMs: this.firstTokenMs,
      outcome,
      ...(errorCode && { errorCode }),
    };
    // A record that cannot be written must not cost the visitor the answer.
    const lost = () => log.error({ event: "llm.record_lost", tenantId: record.tenantId, step: record.step, outcome });
    try {
      Promise.resolve(this.onCall(record)).catch(lost);
    } catch {
      lost();
    }
  }
}

export function outcomeOf(error: AppError): CallOutcome {
  return error.code === "aborted" ? "aborted" : error.code === "timeout" ? "timeout" : "error";
}
