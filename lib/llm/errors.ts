import { APICallError, JSONParseError, TypeValidationError } from "@ai-sdk/provider";
import { AppError } from "@/lib/core/errors";
import { retryAfterMs } from "@/lib/net/retry-after";
import { PROVIDER_NAMES } from "./providers";
import type { ModelRef } from "./types";

/** A failed attempt: the error to show, and whether another attempt can help. */
export type Failure = {
  error: AppError;
  canRetry: boolean;
  /** Something in the request itself was refused (400, 413, 422): with fewer or shorter texts it may pass. */
  isAboutInput?: boolean;
};

/** The provider said 200 and then did not deliver: nothing, half of an answer, vectors of the wrong length. */
export class BadReply extends Error {
  constructor(
    message: string,
    readonly canRetry = true,
  ) {
    super(message);
  }
}

/**
 * What a thrown value of a provider means to us. The provider's own words are left out of message and cause: they may
 * repeat the key (`Incorrect API key provided: sk-…`) or the visitor's text.
 * @param variable which variable names the model, for hints
 */
export function toFailure(thrown: unknown, model: ModelRef, variable: "CHAT_MODEL" | "EMBEDDING_MODEL"): Failure {
  if (thrown instanceof AppError) return { error: thrown, canRetry: false };
  if (thrown instanceof BadReply) {
    const error = new AppError("upstream_failed", `${model.provider}/${model.id} ${thrown.message}.`);
    return { error, canRetry: thrown.canRetry };
  }
  const { name, key, baseUrl } = PROVIDER_NAMES[model.provider];
  const { status, headers, quota } = statusOf(thrown);
  const cause = new Error(status ? `${model.provider}: HTTP ${status}` : `${model.provider}: ${kindOf(thrown)}`);
  const waitMs = parseRetryAfterMs(headers);
  const wait = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  const fail = (code: AppError["code"], message: string, canRetry: boolean): Failure => ({
    error: new AppError(code, message, { cause, ...wait }),
    canRetry,
    isAboutInput: status === 400 || status === 413 || status === 422,
  });

  if (status === 401 || status === 403) {
    return fail("model_misconfigured", `${name} refused the key (HTTP ${status}). Check ${key}.`, false);
  }
  if (status === 402 || quota) {
    const noCredit = `${name} reports that the account of ${key} has no credit left.`;
    return { ...fail("model_misconfigured", noCredit, false), isAboutInput: false };
  }
  if (status === 404 || status === 405) {
    const hint = `Check ${variable} (now ${model.provider}/${model.id}) and ${baseUrl}.`;
    return fail("model_misconfigured", `${name} does not know this model or address (HTTP ${status}). ${hint}`, false);
  }
  if (status === 413) return fail("content_too_large", `The text is too long for ${model.id}.`, false);
  if (status === 429 || status === 529) {
    return fail("upstream_busy", "The answering service is busy. Try again in a moment.", true);
  }
  if (status === 408 || status === 504) {
    return fail("timeout", `${name} took too long to answer (HTTP ${status}).`, true);
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 409 && status !== 425) {
    return fail("model_misconfigured", `${name} refused the request (HTTP ${status}). Check ${variable}.`, false);
  }
  if (status !== undefined && status >= 400) {
    return fail("upstream_failed", `${name} failed to answer (HTTP ${status}).`, true);
  }
  if (isUnreadable(thrown)) return fail("upstream_failed", `${name} sent a reply that cannot be read.`, true);
  return fail("upstream_failed", `${name} could not be reached, or the connection broke. Is ${baseUrl} right?`, true);
}

/** 200 with a body that is not the protocol: an HTML page of a proxy, half a JSON. */
function isUnreadable(thrown: unknown): boolean {
  if (JSONParseError.isInstance(thrown) || TypeValidationError.isInstance(thrown)) return true;
  return APICallError.isInstance(thrown) && thrown.statusCode !== undefined && thrown.statusCode < 400;
}

const QUOTA = /insufficient_quota|billing|credit balance/i;
const STATUS_BY_TYPE: Record<string, number> = {
  overloaded_error: 529,
  rate_limit_error: 429,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  invalid_request_error: 400,
  request_too_large: 413,
  api_error: 500,
  timeout_error: 504,
};

/** Errors come as APICallError before a stream, and as plain objects of each provider's making inside one. */
function statusOf(thrown: unknown): { status?: number; headers?: Record<string, string>; quota: boolean } {
  if (APICallError.isInstance(thrown)) {
    const status = thrown.statusCode !== undefined && thrown.statusCode >= 400 ? thrown.statusCode : undefined;
    const isQuota = QUOTA.test(`${thrown.message} ${thrown.responseBody?.slice(0, 2_000) ?? ""}`);
    return { status, headers: thrown.responseHeaders, quota: isQuota && (status === 429 || status === 400) };
  }
  if (typeof thrown !== "object" || thrown === null) return { quota: false };
  const { statusCode, code, type } = thrown as { statusCode?: unknown; code?: unknown; type?: unknown };
  const numeric = [statusCode, code].map(Number).find((value) => value >= 400 && value < 600);
  return { status: numeric ?? STATUS_BY_TYPE[String(type)], quota: QUOTA.test(`${code} ${type}`) };
}

const kindOf = (thrown: unknown) => {
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : thrown instanceof Error ? thrown.name : typeof thrown;
};

/** `retry-after-ms`, or `retry-after` as seconds or a date. */
export function parseRetryAfterMs(headers: Record<string, string> | undefined, nowMs = Date.now()): number | undefined {
  const inMs = Number.parseFloat(headers?.["retry-after-ms"] ?? "");
  if (inMs >= 0) return Math.round(inMs);
  return retryAfterMs(headers?.["retry-after"], nowMs);
}
