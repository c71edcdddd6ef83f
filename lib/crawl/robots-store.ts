import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { call, json } from "@/lib/db/pool";
import type { CrawlDeps } from "./deps";
import { fetchRobots, type HostRules, KeptRobots, toRules } from "./fetch-robots";

const Answer = z.discriminatedUnion("state", [
  z.object({ state: z.literal("fresh"), robots: KeptRobots, fetchedAt: z.number(), expiresAt: z.number() }),
  z.object({ state: z.literal("fetch"), waitMs: z.number(), known: KeptRobots.nullable().catch(null) }),
  z.object({ state: z.literal("blocked"), waitMs: z.number() }),
  z.object({ state: z.literal("wait") }),
]);

interface Known {
  rules: HostRules;
  fetchedAtMs: number;
  expiresAtMs: number;
}

const cache = new Map<string, Known>();
const CACHE_ORIGINS = 1_000;
const ASK_AGAIN_MS = 200;
const PATIENCE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** How old a copy may be: `maxAgeMs` of age, and not older than the moment `notBeforeMs` (Unix time). */
export interface Freshness {
  maxAgeMs?: number;
  notBeforeMs?: number | null;
}

/**
 * The rules of a URL's origin: from this process, else from the database, else fetched, by one worker of all at a time.
 * Kept for a day, as RFC 9309 asks; a refusal for an hour at most.
 * @throws AppError "upstream_busy" with the wait, while the host has asked for a pause and no copy is known
 */
export async function hostRules(
  deps: CrawlDeps,
  url: string,
  signal: AbortSignal,
  fresh: Freshness = {},
): Promise<HostRules> {
  const { origin, host } = new URL(url);
  const { maxAgeMs = DAY_MS, notBeforeMs } = fresh;
  const known = cache.get(origin);
  const nowMs = Date.now();
  if (known && known.expiresAtMs > nowMs && known.fetchedAtMs >= Math.max(nowMs - maxAgeMs, notBeforeMs ?? 0))
    return known.rules;

  const { userAgent, minDelayMs, allowHosts } = deps.config;
  for (const startedAt = Date.now(); Date.now() - startedAt < PATIENCE_MS; ) {
    const answer = Answer.parse(
      await call(deps.db, "get_robots", {
        origin,
        host,
        max_age_ms: maxAgeMs,
        delay_ms: minDelayMs,
        own_hosts: allowHosts,
      }),
    );
    if (answer.state === "fresh")
      return remember(origin, {
        rules: toRules(answer.robots, userAgent),
        fetchedAtMs: answer.fetchedAt,
        expiresAtMs: answer.expiresAt,
      });
    if (answer.state === "blocked")
      throw new AppError("upstream_busy", `${host} asked us to wait before the next request.`, {
        retryAfterMs: answer.waitMs,
      });
    if (answer.state === "fetch") {
      if (answer.waitMs > 0) await sleep(answer.waitMs, undefined, { signal });
      const { robots, ttlMs } = await fetchRobots(deps.config, origin, signal, answer.known);
      const rules = toRules(robots, userAgent);
      const fetchedAtMs = await call<number>(deps.db, "put_robots", {
        origin,
        host,
        robots: json(robots),
        crawl_delay_ms: rules.crawlDelayMs,
        ttl_ms: ttlMs,
      });
      return remember(origin, { rules, fetchedAtMs, expiresAtMs: fetchedAtMs + ttlMs });
    }
    await sleep(ASK_AGAIN_MS, undefined, { signal });
  }
  throw new AppError("timeout", `robots.txt of ${host} did not arrive in time.`);
}

function remember(origin: string, known: Known): HostRules {
  if (cache.size >= CACHE_ORIGINS) cache.delete(cache.keys().next().value!);
  cache.set(origin, known);
  return known.rules;
}

/** Forgets what this process knows of sites: for tests, whose sites change between two of them. */
export const forgetHostRules = (): void => cache.clear();
