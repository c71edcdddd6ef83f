import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { checkUrl } from "@/lib/net";
import { dataDir } from "@/lib/testing/data-dir";
import { ROBOTS_CACHE_MS, robotsUrl } from "./robots";
import { type RobotsResponse, robotsFromResponse } from "./robots-response";

type Row = {
  id: string;
  why: string;
  path?: string;
  crawl?: boolean;
  redirects?: number;
  cache?: { ageHours: number };
  expectRefetch?: boolean;
  scope?: [string, string][];
  response?: RobotsResponse & { body_gen?: { pad_bytes: number; tail: string }; redirectTo?: string };
};
const dir = dataDir();
const rows: Row[] = dir
  ? readFileSync(join(dir, "robots/robots_http.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];

async function mayCrawl(row: Row): Promise<boolean> {
  const { body_gen: generated, redirectTo, ...response } = row.response ?? {};
  if (generated) response.body = `#${"x".repeat(generated.pad_bytes - 2)}\n${generated.tail}`;
  if (redirectTo) {
    const check = await checkUrl(redirectTo);
    if (!check.ok) response.error = new AppError(check.code, check.reason);
  }
  const verdict = robotsFromResponse({ ...response, redirects: row.redirects ?? 0 });
  if (verdict.kind === "rules") return verdict.robots.allowed(row.path ?? "/", "AlonChatBot/1.0");
  return verdict.kind === "allow_all";
}

describe.skipIf(!dir)("rules about fetching robots.txt (read from ../shared/data or ALONCHAT_DATA_DIR)", () => {
  test.each(rows)("$id $why", async (row) => {
    if (row.scope) for (const [a, b] of row.scope) expect(robotsUrl(a)).not.toBe(robotsUrl(b));
    // That the database lets a copy go after this time is a test of robots-store.
    else if (row.cache) expect(row.cache.ageHours * 3_600_000 > ROBOTS_CACHE_MS).toBe(row.expectRefetch);
    else expect(await mayCrawl(row)).toBe(row.crawl);
  });
});

test("a busy site's own wait is kept, within a second and a day", () => {
  expect(robotsFromResponse({ status: 503, retryAfterMs: 120_000 })).toEqual({
    kind: "deny_all",
    retryAfterMs: 120_000,
  });
  expect(robotsFromResponse({ status: 429, retryAfterMs: 0 })).toEqual({ kind: "deny_all", retryAfterMs: 1_000 });
  expect(robotsFromResponse({ status: 429, retryAfterMs: 1e12 })).toEqual({
    kind: "deny_all",
    retryAfterMs: 86_400_000,
  });
});

test("a login page with rule-like words is no robots.txt, plain text that happens to hold a bracket is", () => {
  const login = "<!doctype html>\nuser-agent: *\ndisallow: /";
  expect(robotsFromResponse({ status: 200, body: login }).kind).toBe("allow_all");
  expect(robotsFromResponse({ status: 200, body: Buffer.from(login), contentType: "text/plain" }).kind).toBe(
    "allow_all",
  );
  expect(robotsFromResponse({ status: 200, body: "user-agent: *\ndisallow: /<x>" }).kind).toBe("rules");
});
