import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { fetchProblem, retryAfterMs, safeFetch } from "@/lib/net";
import { type FetchConfig, reach } from "./deps";
import {
  parseRobots,
  ROBOTS_CACHE_MS,
  ROBOTS_MAX_BYTES,
  type RobotsResponse,
  robotsFromResponse,
  robotsUrl,
} from "./robots";

/** What is kept of a robots.txt. */
export const KeptRobots = z.union([
  z.object({ kind: z.literal("rules"), text: z.string(), readAtMs: z.number() }),
  z.object({ kind: z.literal("allow_all"), readAtMs: z.number() }),
  z.object({ kind: z.literal("deny_all"), code: z.string(), reason: z.string() }),
]);
export type KeptRobots = z.infer<typeof KeptRobots>;

/** What a site allows. `denial` is set when nothing may be fetched at all, in words for the member. */
export interface HostRules {
  allowed(url: string): boolean;
  sitemaps: string[];
  crawlDelayMs: number;
  denial?: { code: string; reason: string };
}

const MAX_DENIAL_MS = 3_600_000;
const MAX_CRAWL_DELAY_MS = 60_000;
const MAX_STALE_MS = 30 * 24 * 3_600_000;

/**
 * Asks a site for its robots.txt.
 * @param known an older copy: it goes on serving while the site cannot answer, for 30 days at most (RFC 9309 §2.3.1.4, §2.4)
 * @returns what to keep and for how long
 * @throws AppError "aborted" only; a site that cannot be reached is an answer: keep away
 */
export async function fetchRobots(
  config: FetchConfig,
  origin: string,
  signal: AbortSignal,
  known?: KeptRobots | null,
): Promise<{ robots: KeptRobots; ttlMs: number }> {
  const { response, error } = await ask(config, robotsUrl(origin), signal);
  const verdict = robotsFromResponse(response);
  const readAtMs = Date.now();
  if (verdict.kind === "rules")
    return { robots: { kind: "rules", text: String(response.body), readAtMs }, ttlMs: ROBOTS_CACHE_MS };
  if (verdict.kind === "allow_all") return { robots: { kind: "allow_all", readAtMs }, ttlMs: ROBOTS_CACHE_MS };
  const ttlMs = Math.min(verdict.retryAfterMs, MAX_DENIAL_MS);
  if (known && known.kind !== "deny_all" && readAtMs - known.readAtMs < MAX_STALE_MS) return { robots: known, ttlMs };
  return { robots: { kind: "deny_all", ...denial(origin, response.status, error) }, ttlMs };
}

async function ask(
  config: FetchConfig,
  url: string,
  signal: AbortSignal,
): Promise<{ response: RobotsResponse; error?: unknown }> {
  try {
    const answer = await safeFetch(url, {
      ...reach(config),
      headers: { "user-agent": config.userAgent, accept: "text/plain,*/*;q=0.5" },
      signal,
      maxBodyBytes: ROBOTS_MAX_BYTES,
      onTooLarge: "truncate",
      timeoutMs: 20_000,
    });
    return {
      response: {
        status: answer.status,
        body: answer.body.toString("utf8"),
        contentType: answer.headers["content-type"],
        redirects: answer.redirects.length,
        retryAfterMs: retryAfterMs(answer.headers["retry-after"]),
      },
    };
  } catch (error) {
    if (signal.aborted) throw error;
    // More than five hops count as "there is no such file".
    if (fetchProblem(error) === "too_many_redirects") return { response: { redirects: Number.POSITIVE_INFINITY } };
    return { response: { error }, error };
  }
}

function denial(origin: string, status: number | undefined, error: unknown): { code: string; reason: string } {
  const { host } = new URL(origin);
  if (error instanceof AppError) return { code: error.code, reason: error.message };
  if (status === 429)
    return {
      code: "http_429",
      reason: `${host} asks us to slow down (HTTP 429 for its robots.txt). Start the crawl again in some minutes.`,
    };
  if (status !== undefined)
    return {
      code: `http_${status}`,
      reason: `${host} answers with an error (HTTP ${status}) when asked for its robots.txt, which means that crawlers should keep away. Check that ${origin}/robots.txt opens or is simply not found, then start the crawl again.`,
    };
  return {
    code: "host_unreachable",
    reason: `${host} could not be reached. Check that the site is online, then start the crawl again.`,
  };
}

export function toRules(robots: KeptRobots, userAgent: string): HostRules {
  if (robots.kind === "allow_all") return { allowed: () => true, sitemaps: [], crawlDelayMs: 0 };
  if (robots.kind === "deny_all")
    return {
      allowed: () => false,
      sitemaps: [],
      crawlDelayMs: 0,
      denial: { code: robots.code, reason: robots.reason },
    };
  const parsed = parseRobots(robots.text);
  return {
    allowed: (url) => parsed.allowed(url, userAgent),
    sitemaps: parsed.sitemaps,
    crawlDelayMs: Math.min((parsed.crawlDelaySeconds(userAgent) ?? 0) * 1_000, MAX_CRAWL_DELAY_MS),
  };
}
