import pino from "pino";

/**
 * What may be said of a thrown value: not what else it carries. Postgres puts whole rows into `detail`, adapters of providers the prompt into
 * `requestBodyValues`, and whatever logs an error by all its properties would write them down.
 */
export function errorForLog(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { type: thrown === null ? "null" : typeof thrown };
  const { name, message, stack, cause } = thrown;
  const code = "code" in thrown ? { code: thrown.code } : {};
  return { type: name, ...code, message, stack, ...(cause !== undefined && { cause: errorForLog(cause) }) };
}

/**
 * JSON lines on stdout: an event name and numbers. Never message text, e-mail addresses, query strings or provider objects.
 * `LOG_LEVEL` is read here rather than from the parsed environment so that a broken environment can still be logged.
 */
export const log = pino({
  level: process.env.LOG_LEVEL || (process.env.NODE_ENV === "test" ? "silent" : "info"),
  base: { service: process.env.SERVICE_NAME || "alonchat" },
  timestamp: pino.stdTimeFunctions.isoTime,
  serializers: { err: errorForLog },
  formatters: { level: (label) => ({ level: label }) },
});
