import { AppError } from "@/lib/core/errors";

/** Why a fetch failed, for code that must tell kinds apart; hangs on an AppError as its `cause`. */
export type FetchProblemKind =
  | "too_many_redirects"
  | "bad_redirect"
  | "tls"
  | "bad_encoding"
  | "connection"
  | "stale"
  | "type";

export class FetchProblem extends Error {
  override readonly name = "FetchProblem";
  constructor(
    readonly kind: FetchProblemKind,
    options?: ErrorOptions,
  ) {
    super(kind, options);
  }
}

/** The kind of problem behind an error of safeFetch, when it was set. */
export function fetchProblem(error: unknown): FetchProblemKind | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof FetchProblem ? cause.kind : undefined;
}

const NOT_FOUND = ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "ENODATA", "ESERVFAIL"];
const NO_CONNECTION = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ENETDOWN", "EHOSTDOWN"];
const TIMEOUTS = ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"];
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH$)/;
const TOO_MUCH = ["UND_ERR_HEADERS_OVERFLOW"];

/** Turns what undici and Node throw into words for a user. `host` is the host name as the user knows it. */
export function toAppError(error: unknown, host: string): AppError {
  if (error instanceof AppError) return error;
  const code = errorCode(error);
  if (NOT_FOUND.includes(code))
    return new AppError("host_unreachable", `No server was found for "${host}". Check the spelling of the address.`, {
      cause: error,
    });
  if (NO_CONNECTION.includes(code))
    return new AppError(
      "host_unreachable",
      `"${host}" does not accept connections. Check that the site is online, then try again.`,
      { cause: error },
    );
  if (TIMEOUTS.includes(code)) return timeoutError(host, error);
  if (TLS.test(code))
    return new AppError(
      "fetch_failed",
      `The HTTPS certificate of "${host}" is not valid, so its pages cannot be trusted. Ask the site's owner to renew it.`,
      { cause: new FetchProblem("tls", { cause: error }) },
    );
  if (TOO_MUCH.includes(code))
    return new AppError("content_too_large", `"${host}" sent headers that are too large.`, { cause: error });
  return new AppError(
    "fetch_failed",
    `The connection to "${host}" broke off before the page was complete. Try again.`,
    {
      cause: error instanceof FetchProblem ? error : new FetchProblem("connection", { cause: error }),
    },
  );
}

export function timeoutError(host: string, cause?: unknown): AppError {
  return new AppError("timeout", `"${host}" took too long to answer. Try again when the site is less busy.`, { cause });
}

/** Whether the other side (or the network) closed the connection. */
export function isClosedConnection(error: unknown): boolean {
  return ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(errorCode(error));
}

function errorCode(error: unknown): string {
  const own = codeOf(error);
  // Happy eyeballs: every attempted address failed; the first reason stands for all.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]) || own;
  return own;
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}
