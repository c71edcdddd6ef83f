import type { CookieOptions } from "@supabase/ssr";

/**
 * How session cookies are set. httpOnly: no script of a page, ours or injected, can read the session; for Realtime the browser gets a
 * short-lived access token from `/api/session/token`, and everything else goes through the server.
 */
export const sessionCookieOptions = (appUrl: string) =>
  ({
    httpOnly: true,
    sameSite: "lax",
    secure: appUrl.startsWith("https:"),
    path: "/",
  }) as const satisfies CookieOptions;
