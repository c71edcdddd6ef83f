import type { FetchResult } from "@/lib/net";

export type KeptAnswer = Pick<FetchResult, "status" | "headers" | "body">;

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_AGE_MS = 10 * 60_000;

/**
 * Scripts and data that pages of a site have in common, kept as long as their server allows and ten minutes at most: a site of a
 * hundred pages is asked for its bundle once. Keys hold the tenant.
 */
export class AnswerCache {
  readonly #kept = new Map<string, { answer: KeptAnswer; untilMs: number }>();
  #sizeBytes = 0;

  get(key: string): KeptAnswer | undefined {
    const found = this.#kept.get(key);
    if (!found) return undefined;
    if (found.untilMs < Date.now()) {
      this.#drop(key);
      return undefined;
    }
    return found.answer;
  }

  put(key: string, { status, headers, body }: KeptAnswer): void {
    const keepMs = Math.min(MAX_AGE_MS, allowedMs(headers["cache-control"]));
    if (status !== 200 || keepMs <= 0 || body.length > MAX_BYTES / 4 || variesFreely(headers.vary)) return;
    this.#drop(key);
    this.#kept.set(key, { answer: { status, headers, body }, untilMs: Date.now() + keepMs });
    this.#sizeBytes += body.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#sizeBytes <= MAX_BYTES) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#sizeBytes -= this.#kept.get(key)?.answer.body.length ?? 0;
    this.#kept.delete(key);
  }
}

/** By more than what keys hold (the origin) and what is the same in all requests. */
const variesFreely = (vary = ""): boolean =>
  vary.split(",").some((name) => !/^\s*(|accept-encoding|origin|user-agent)\s*$/i.test(name));

/** How long an answer may be used again without asking (RFC 9111), as far as it says so itself. */
function allowedMs(cacheControl = ""): number {
  if (/\b(no-store|no-cache|private)\b/i.test(cacheControl)) return 0;
  return Number(/\bmax-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl)?.[1] ?? 0) * 1_000;
}
