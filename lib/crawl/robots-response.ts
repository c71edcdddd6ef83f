import { parseRobots, ROBOTS_CACHE_MS, type Robots } from "./robots-rules";

/** What came of asking for a robots.txt. Give `error` when there was no answer: refused address, no host, timeout. */
export type RobotsResponse = {
  status?: number;
  body?: string | Uint8Array;
  contentType?: string | undefined;
  error?: unknown;
  /** Hops taken to the answer; more than five count as "no such file". */
  redirects?: number;
  /** Of the Retry-After header. */
  retryAfterMs?: number | undefined;
};

export type RobotsVerdict =
  | { kind: "rules"; robots: Robots }
  | { kind: "allow_all" }
  /** Nothing may be fetched now; ask again after the wait. */
  | { kind: "deny_all"; retryAfterMs: number };

const MAX_REDIRECTS = 5;
const BUSY_WAIT_MS = 60_000;
const UNREACHABLE_WAIT_MS = 10 * 60_000;

/**
 * What a crawler may do after asking for robots.txt (RFC 9309 §2.3.1): found → its rules; a 4xx → no rules; a 5xx or no answer →
 * keep away for now. 429 is a request to slow down rather than "no such file", so it also means keep away.
 */
export function robotsFromResponse(response: RobotsResponse): RobotsVerdict {
  const { status, body = "", contentType, error, redirects = 0, retryAfterMs } = response;
  if (redirects > MAX_REDIRECTS) return { kind: "allow_all" };
  if (error !== undefined || status === undefined) return deny(retryAfterMs ?? UNREACHABLE_WAIT_MS);
  if (status === 429) return deny(retryAfterMs ?? BUSY_WAIT_MS);
  if (status >= 500 || status < 200) return deny(retryAfterMs ?? UNREACHABLE_WAIT_MS);
  if (status >= 300) return { kind: "allow_all" };
  if (isHtml(body, contentType)) return { kind: "allow_all" };
  return { kind: "rules", robots: parseRobots(body) };
}

function deny(waitMs: number): RobotsVerdict {
  return { kind: "deny_all", retryAfterMs: Math.min(Math.max(waitMs, 1_000), ROBOTS_CACHE_MS) };
}

/** Sites that answer every address with their home page or a login form: words in it are not rules. */
function isHtml(body: string | Uint8Array, contentType: string | undefined): boolean {
  const start = typeof body === "string" ? body.slice(0, 512) : new TextDecoder().decode(body.subarray(0, 512));
  if (!start.trimStart().startsWith("<")) return false;
  return /html/i.test(contentType ?? "html") || /^\s*<(!doctype|html|head|body|\?xml|!--)/i.test(start);
}
