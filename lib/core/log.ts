import pino from "pino";

/**
 * JSON lines on stdout: an event name and numbers. Never message text, e-mail addresses, query strings or provider objects.
 * `LOG_LEVEL` is read here rather than from the parsed environment so that a broken environment can still be logged.
 */
export const log = pino({
  level: process.env.LOG_LEVEL || (process.env.NODE_ENV === "test" ? "silent" : "info"),
  base: { service: process.env.SERVICE_NAME || "alonchat" },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
});
