import "server-only";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { NextRequest } from "next/server";
import type { z } from "zod";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { readRequestText } from "@/lib/core/read-limited";
import type { Database } from "@/lib/db/types.gen";
import { errorResponse } from "./error-response";
import { refuseOtherOrigins } from "./same-origin";
import { currentUser, type User } from "./session";
import { supabase } from "./supabase";

export { errorResponse };

type Auth = "none" | "user";
type Body<B> = B extends z.ZodType ? z.output<B> : undefined;
type Context<A extends Auth, B, P> = {
  request: NextRequest;
  params: P;
  body: Body<B>;
  requestId: string;
  signal: AbortSignal;
} & (A extends "user" ? { user: User; db: SupabaseClient<Database> } : unknown);

const MAX_BODY_BYTES = 256 * 1024;

/**
 * A route handler that only adapts: checks who asks, parses the body, calls, turns errors into
 * `{ error: { code, message, retryAfterMs? }, requestId }` with the status of the code.
 * `auth: "user"` needs the session cookie, and so refuses requests that a page of another origin made.
 * @param handler returns a Response, or a value that becomes JSON
 */
export function route<A extends Auth, B extends z.ZodType | undefined = undefined, P = Record<string, string>>(
  { auth, body }: { auth: A; body?: B },
  handler: (context: Context<A, B, P>) => Promise<unknown>,
): (request: NextRequest, context: { params: Promise<P> }) => Promise<Response> {
  return async (request, { params }) => {
    const requestId = request.headers.get("x-request-id") ?? newId();
    try {
      const session = auth === "user" ? await sessionOf(request) : {};
      const parsed = body ? body.parse(await jsonOf(request)) : undefined;
      const value = await handler({
        request,
        params: await params,
        body: parsed,
        requestId,
        signal: request.signal,
        ...session,
      } as Context<A, B, P>);
      const response = value instanceof Response ? value : Response.json(value);
      if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
      return response;
    } catch (error) {
      return errorResponse(error, requestId);
    }
  };
}

async function sessionOf(request: NextRequest): Promise<{ user: User; db: SupabaseClient<Database> }> {
  refuseOtherOrigins(request.headers, env().APP_URL);
  const user = await currentUser();
  if (!user) throw new AppError("unauthenticated", "Your session has ended. Sign in again to continue.");
  return { user, db: await supabase() };
}

async function jsonOf(request: NextRequest): Promise<unknown> {
  const text = await readRequestText(request, MAX_BODY_BYTES);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("bad_request", "The body is not JSON.", { cause });
  }
}
