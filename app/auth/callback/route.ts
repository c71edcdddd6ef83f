import type { EmailOtpType } from "@supabase/supabase-js";
import type { NextRequest } from "next/server";
import { safeNext } from "@/app/_server/paths";
import { redirectTo } from "@/app/_server/redirect-to";
import { supabase } from "@/app/_server/supabase";
import { log } from "@/lib/core/log";

const OTP_TYPES: ReadonlySet<string> = new Set(["signup", "invite", "magiclink", "recovery", "email_change", "email"]);

/** Where links in e-mails and OAuth providers come back to: a one-time code becomes a session. */
export async function GET(request: NextRequest): Promise<Response> {
  const query = request.nextUrl.searchParams;
  const next = safeNext(query.get("next")) ?? "/home";
  const code = query.get("code");
  const tokenHash = query.get("token_hash");
  const type = query.get("type") ?? "";
  const db = await supabase();

  if (code) {
    const { error } = await db.auth.exchangeCodeForSession(code);
    if (!error) return redirectTo(next);
    log.info({ event: "auth.code_refused", code: error.code });
  } else if (tokenHash && OTP_TYPES.has(type)) {
    const { error } = await db.auth.verifyOtp({ token_hash: tokenHash, type: type as EmailOtpType });
    if (!error) return redirectTo(type === "recovery" ? "/update-password" : next);
    log.info({ event: "auth.link_refused", code: error.code });
  }
  return redirectTo(next === "/update-password" ? "/reset-password?problem=expired" : "/sign-in?problem=expired");
}
