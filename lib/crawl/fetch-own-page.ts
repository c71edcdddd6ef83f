import type { FetchConfig } from "./deps";
import { fetchPage, type PageRequest, type Visit } from "./fetch-page";
import type { Answer, OpenRequests } from "./open-requests";

/**
 * Asks a host without a pause for one page, when it is to be asked for one more at all; what comes of it decides how many are.
 * @param patienceMs null when leave to ask did not come in that time; unless given, it is waited for
 * @returns null also for a document without a place
 * @throws AppError "aborted", or the signal's reason
 */
export async function fetchOwnPage(
  open: OpenRequests,
  config: FetchConfig,
  request: PageRequest,
  { signal, patienceMs }: { signal: AbortSignal; patienceMs?: number },
): Promise<Visit | null> {
  const leave = await open.enter(new URL(request.url).host, {
    signal,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  if (!leave) return null;
  const startedAt = performance.now();
  let answer: Answer | undefined;
  try {
    const visit = await fetchPage(config, request, signal);
    if (visit) answer = answerOf(visit, performance.now() - startedAt);
    return visit;
  } finally {
    leave(answer);
  }
}

/** A page that fails for a reason of its own (404, 500, a broken body) says nothing about how much its host can bear. */
function answerOf(visit: Visit, durationMs: number): Answer | undefined {
  if ("response" in visit) return { durationMs };
  const { code, httpStatus } = visit.ending;
  if (STRAINED_STATUS.has(httpStatus ?? 0) || code === "timeout" || code === "host_unreachable") return "strained";
  return httpStatus === 304 ? { durationMs } : undefined;
}

const STRAINED_STATUS = new Set([429, 502, 503, 504]);
