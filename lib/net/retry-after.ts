const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * The wait a `Retry-After` header asks for, as seconds or an HTTP date.
 * @returns milliseconds from 0 to 24 h, undefined when the header is absent or senseless
 */
export function retryAfterMs(header: string | undefined, nowMs = Date.now()): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  const waitMs = /^\d{1,9}(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), MAX_WAIT_MS);
}
