import type { AppError } from "@/lib/core/errors";

/** Pause before attempt `attempt + 1`: doubling, between half and all of the step, never less than the provider asked for. */
export function pauseMs(attempt: number, backoffMs: number, error: AppError): number {
  const step = Math.min(backoffMs * 2 ** (attempt - 1), 30_000);
  return Math.max(error.retryAfterMs ?? 0, Math.round(step * (0.5 + Math.random() / 2)));
}

/** What ends a call from outside: the visitor left, or a deadline passed. Only the first reason counts. */
export class Stopper {
  private readonly controllers = new Set<AbortController>();
  private readonly listeners: ((error: AppError) => void)[] = [];
  error: AppError | undefined;

  stop(error: AppError): void {
    if (this.error) return;
    this.error = error;
    for (const controller of this.controllers) controller.abort(error);
    for (const listener of this.listeners) listener(error);
  }

  /** Called once, also when the stop lies in the past. */
  onStop(listener: (error: AppError) => void): void {
    if (this.error) listener(this.error);
    else this.listeners.push(listener);
  }

  /** A signal for one attempt. */
  controller(): AbortController {
    const controller = new AbortController();
    this.controllers.add(controller);
    if (this.error) controller.abort(this.error);
    return controller;
  }

  /** The value of a promise, unless the stop comes first; the promise may then stay unsettled. */
  race<T>(promise: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      promise.then(resolve, reject);
      this.onStop(reject);
    });
  }

  /** Throws the stop's error when it comes before the time is over. */
  async sleep(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await this.race(
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, ms);
        }),
      );
    } finally {
      clearTimeout(timer);
    }
  }
}
