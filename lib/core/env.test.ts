import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Env, parseEnv } from "./env";
import { AppError } from "./errors";

const COMPLETE = {
  SUPABASE_URL: "http://127.0.0.1:54321",
  SUPABASE_PUBLISHABLE_KEY: "sb_publishable_0123456789",
  DATABASE_URL: "postgresql://u:p@127.0.0.1:5432/postgres",
  QUEUE_URL: "redis://127.0.0.1:6379",
};

const messageOf = (source: Record<string, string | undefined>): string => {
  try {
    parseEnv(source);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).message;
  }
  return "";
};

test("a complete environment is taken, with defaults", () => {
  expect(parseEnv(COMPLETE)).toMatchObject({
    WORKER_CONCURRENCY: 5,
    JOB_TIMEOUT_MS: 300_000,
    RATE_LIMIT_ENABLED: true,
  });
});

test("an empty value counts as unset, as hosting dashboards leave it", () => {
  expect(parseEnv({ ...COMPLETE, OPENAI_API_KEY: "", WORKER_CONCURRENCY: "" }).OPENAI_API_KEY).toBeUndefined();
  expect(messageOf({ ...COMPLETE, SUPABASE_URL: "" })).toContain("SUPABASE_URL: is not set");
});

test.each([
  [undefined, 0],
  ["false", 0],
  ["true", 1],
  ["2", 2],
])("TRUST_PROXY=%s is %d proxies", (value, count) => {
  expect(parseEnv({ ...COMPLETE, TRUST_PROXY: value }).TRUST_PROXY).toBe(count);
});

test("everything that is missing is named at once, with what to do", () => {
  const message = messageOf({});
  for (const name of Object.keys(COMPLETE)) expect(message).toContain(`${name}: is not set`);
  expect(message).toContain(".env.example");
});

describe("half-set groups are refused by name", () => {
  test.each([
    [{ OPENAI_COMPATIBLE_API_KEY: "k" }, "OPENAI_COMPATIBLE_BASE_URL"],
    [{ CHAT_MODEL: "anthropic/claude" }, "CHAT_MODEL: names anthropic, which has no key"],
    [{ EMBEDDING_MODEL: "openai/text-embedding-3-small" }, "EMBEDDING_MODEL: names openai"],
    [{ CHAT_MODEL: "gpt-5" }, "CHAT_MODEL: write provider/model"],
    [{ CRASH_AT: "fetch", NODE_ENV: "production" }, "CRASH_AT"],
    [{ QUEUE_URL: "amqp://x" }, "QUEUE_URL"],
    [{ TRUST_PROXY: "yes" }, "TRUST_PROXY: write true, or how many"],
    [{ TRUST_PROXY: "-1" }, "TRUST_PROXY"],
    [{ WORKER_CONCURRENCY: "many" }, "WORKER_CONCURRENCY"],
  ])("%o", (extra, expected) => {
    expect(messageOf({ ...COMPLETE, ...extra })).toContain(expected);
  });
});

test("no message repeats a value: it may be a secret", () => {
  expect(messageOf({ ...COMPLETE, SUPABASE_PUBLISHABLE_KEY: "short-secret" })).not.toContain("short-secret");
});

test(".env.example explains every variable, and only those that exist", () => {
  const named = [...readFileSync(".env.example", "utf8").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(
    (match) => match[1]!,
  );
  const readElsewhere = [
    "PORT",
    "HOST",
    "LOCAL_API_PORT",
    "LOCAL_DB_PORT",
    "SAMPLE_PORT",
    "MIGRATION_DATABASE_URL",
    "SERVICE_NAME",
  ];
  const known = [...Object.keys(Env.shape), ...readElsewhere];
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
  // Set by tests and by the runtime, never by people.
  const hidden = ["NODE_ENV", "CRASH_AT"];
  expect(known.filter((name) => !named.includes(name) && !hidden.includes(name))).toEqual([]);
});
