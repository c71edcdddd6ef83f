import { route } from "@/app/_server/route";
import { AppError } from "@/lib/core/errors";

/**
 * The current access token (an hour at most; proxy.ts has just refreshed it), for the browser's Realtime socket only: the session itself
 * stays in httpOnly cookies. Same origin only, never cached.
 */
export const GET = route({ auth: "user" }, async ({ db }) => {
  const { data } = await db.auth.getSession();
  if (!data.session) throw new AppError("unauthenticated", "Your session has ended. Sign in again to continue.");
  return { token: data.session.access_token, expiresAt: data.session.expires_at ?? null };
});
