/**
 * Every failure that a user may be told about, with what follows from it.
 * `retry` is a property of the error, set where the status is known: the worker edge reads it and nothing else.
 */
const POLICY = {
  bad_request: { http: 400, retry: false, level: "info" },
  identity_invalid: { http: 401, retry: false, level: "info" },
  unauthenticated: { http: 401, retry: false, level: "info" },
  forbidden: { http: 403, retry: false, level: "info" },
  challenge_required: { http: 403, retry: false, level: "info" },
  origin_not_allowed: { http: 403, retry: false, level: "info" },
  not_found: { http: 404, retry: false, level: "info" },
  agent_unavailable: { http: 404, retry: false, level: "info" },
  conflict: { http: 409, retry: false, level: "info" },
  content_too_large: { http: 413, retry: false, level: "info" },
  rate_limited: { http: 429, retry: true, level: "info" },
  plan_limit: { http: 402, retry: false, level: "info" },
  url_invalid: { http: 422, retry: false, level: "info" },
  url_blocked: { http: 422, retry: false, level: "warn" },
  host_unreachable: { http: 422, retry: true, level: "info" },
  robots_denied: { http: 422, retry: false, level: "info" },
  fetch_failed: { http: 422, retry: true, level: "info" },
  unsupported_content: { http: 415, retry: false, level: "info" },
  upstream_busy: { http: 503, retry: true, level: "warn" },
  upstream_failed: { http: 502, retry: true, level: "warn" },
  model_misconfigured: { http: 500, retry: false, level: "error" },
  config_invalid: { http: 500, retry: false, level: "error" },
  timeout: { http: 504, retry: true, level: "warn" },
  interrupted: { http: 503, retry: true, level: "warn" },
  aborted: { http: 499, retry: false, level: "info" },
  internal: { http: 500, retry: true, level: "error" },
} as const;

export type ErrorCode = keyof typeof POLICY;

/** Of the registry that all bundles of a process share: `npm start` runs two, each with a copy of the class. */
const BRAND = Symbol.for("alonchat.AppError");

/** The one error class. Its message may be shown to users; anything else becomes "Something went wrong" and a request id. */
export class AppError extends Error {
  /** What one bundle throws is an AppError to the other. */
  static override [Symbol.hasInstance](value: unknown): value is AppError {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  override readonly name = "AppError";
  readonly [BRAND] = true;
  /** When the same request may succeed, where that is known. */
  readonly retryAfterMs?: number;
  /** What a program needs to go on, beside the message. */
  readonly details?: Record<string, unknown>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions & { retryAfterMs?: number; details?: Record<string, unknown> },
  ) {
    super(message, options);
    if (options?.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options?.details !== undefined) this.details = options.details;
  }

  get policy(): (typeof POLICY)[ErrorCode] {
    return POLICY[this.code];
  }
}

/** A widget on a page that its agent does not know. */
export const originNotAllowed = (origin: string | null): AppError =>
  new AppError(
    "origin_not_allowed",
    origin
      ? `${origin} is not among the allowed domains of this assistant. Add it in the dashboard under Install.`
      : "This request names no origin. The assistant can be used from the allowed web pages only.",
  );

export const agentUnavailable = (): AppError =>
  new AppError("agent_unavailable", "This assistant does not exist any more.");

/** @param what is counted, in the plural: "messages" */
export const rateLimited = (what: string, retryAfterMs: number): AppError =>
  new AppError("rate_limited", `Too many ${what} at once. Try again in ${Math.ceil(retryAfterMs / 1_000)} s.`, {
    retryAfterMs,
  });

/** What a user may see of any thrown value. */
export function publicError(error: unknown): { code: ErrorCode; message: string; retryAfterMs?: number } {
  if (!(error instanceof AppError))
    return { code: "internal", message: "Something went wrong. Try again in a moment." };
  const { code, message, retryAfterMs } = error;
  return retryAfterMs === undefined ? { code, message } : { code, message, retryAfterMs };
}
