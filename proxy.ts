import { createServerClient } from "@supabase/ssr";
import { isAuthRetryableFetchError } from "@supabase/supabase-js";
import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/ids";
import { isPublicPath, safeNext } from "./app/_server/paths";
import { securityHeaders } from "./app/_server/security-headers";
import { sessionCookieOptions } from "./app/_server/session-cookie";

/**
 * Before every page and dashboard route: a request id, the security headers with a fresh nonce, and a session that is fresh enough for
 * everything that renders after it (server components cannot set cookies). The visitor's hot path stays outside (see `config`).
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { APP_URL, NODE_ENV, SUPABASE_PUBLISHABLE_KEY, SUPABASE_URL } = env();
  const path = request.nextUrl.pathname;
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const requestId = newId();
  const headers = securityHeaders({
    path,
    nonce,
    supabaseUrl: SUPABASE_URL,
    https: APP_URL.startsWith("https:"),
    development: NODE_ENV === "development",
  });

  const forwarded = () => {
    const own = new Headers(request.headers); // read now: refreshed cookies are among them
    own.set("x-request-id", requestId);
    own.set("x-path", `${path}${request.nextUrl.search}`);
    own.set("x-nonce", nonce);
    own.set("content-security-policy", headers["content-security-policy"] ?? "");
    return { request: { headers: own } };
  };

  let response = NextResponse.next(forwarded());
  const client = createServerClient(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, {
    cookieOptions: sessionCookieOptions(APP_URL),
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: (changes, cacheHeaders) => {
        for (const { name, value } of changes) request.cookies.set(name, value);
        response = NextResponse.next(forwarded());
        for (const { name, value, options } of changes)
          response.cookies.set(name, value, { ...options, ...sessionCookieOptions(APP_URL) });
        for (const [name, value] of Object.entries(cacheHeaders)) response.headers.set(name, value);
      },
    },
  });
  const hasCookies = request.cookies.getAll().some(({ name }) => name.startsWith("sb-"));
  const claims = hasCookies ? await client.auth.getClaims() : null;
  // With the auth server away nobody is sent to sign in: the page says what is wrong.
  const signedIn = claims !== null && (claims.data !== null || isAuthRetryableFetchError(claims.error));

  if (!signedIn && !isPublicPath(path) && request.method === "GET") {
    const target = new URL("/sign-in", request.nextUrl); // Next sends it as a path: the browser's host is kept
    const next = safeNext(`${path}${request.nextUrl.search}`);
    if (next) target.searchParams.set("next", next);
    const cookies = response.cookies.getAll();
    response = NextResponse.redirect(target);
    for (const cookie of cookies) response.cookies.set(cookie);
  }
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  response.headers.set("x-request-id", requestId);
  return response;
}

export const config = {
  matcher: [
    "/((?!api/widget|widget/|chat/|embed/|_next/static|_next/image|health|favicon\\.ico|icon\\.svg|robots\\.txt).*)",
  ],
};
