import { z } from "zod";
import { AppError, publicError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";

/** Any thrown value as the answer of an API route; logs it once. */
export function errorResponse(error: unknown, requestId: string): Response {
  const known =
    error instanceof z.ZodError ? new AppError("bad_request", z.prettifyError(error), { cause: error }) : error;
  if (known instanceof AppError) log[known.policy.level]({ event: "route.refused", code: known.code, requestId });
  else log.error({ event: "route.failed", requestId, err: error });

  const shown = publicError(known);
  const status = known instanceof AppError ? known.policy.http : 500;
  const headers = new Headers({ "cache-control": "no-store", "x-request-id": requestId });
  if (shown.retryAfterMs !== undefined) headers.set("retry-after", String(Math.ceil(shown.retryAfterMs / 1_000)));
  return Response.json({ error: shown, requestId }, { status, headers });
}
