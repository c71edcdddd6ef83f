import type { AuthError } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";

const MESSAGES: Record<string, [AppError["code"], string]> = {
  invalid_credentials: ["unauthenticated", "E-mail address or password is wrong."],
  user_already_exists: ["conflict", "This e-mail address has an account already. Sign in instead."],
  email_exists: ["conflict", "This e-mail address has an account already. Sign in instead."],
  email_not_confirmed: ["forbidden", "Confirm your e-mail address first: open the link that we sent you."],
  email_address_invalid: ["bad_request", "This e-mail address cannot be used. Try another."],
  weak_password: ["bad_request", "This password is too easy to guess. Choose a longer one."],
  same_password: ["bad_request", "This is your present password. Choose another."],
  signup_disabled: ["forbidden", "New accounts cannot be made here at the moment."],
  over_request_rate_limit: ["rate_limited", "Too many attempts. Wait a minute and try again."],
  over_email_send_rate_limit: ["rate_limited", "Too many e-mails were sent. Wait a few minutes and try again."],
  session_not_found: ["unauthenticated", "This link has expired. Ask for a new one."],
};

/** What the auth server said, in words that tell what to do. Unknown answers of 5xx are its fault, not the person's. */
export function authFailure(error: AuthError): AppError {
  const known = MESSAGES[error.code ?? ""] ?? byText(error.message);
  if (known) return new AppError(known[0], known[1], { cause: error });
  if (error.status === 429)
    return new AppError("rate_limited", "Too many attempts. Wait a minute and try again.", { cause: error });
  if (error.status === undefined || error.status === 0 || error.status >= 500)
    return new AppError("upstream_failed", "Signing in is not available at the moment. Try again in a minute.", {
      cause: error,
    });
  return new AppError("bad_request", "That did not work. Check what you entered and try again.", { cause: error });
}

/** Auth servers before error codes, and local ones, say it in text only. */
function byText(message: string) {
  if (/invalid login credentials/i.test(message)) return MESSAGES.invalid_credentials;
  if (/already (been )?registered|already exists/i.test(message)) return MESSAGES.user_already_exists;
  if (/not confirmed/i.test(message)) return MESSAGES.email_not_confirmed;
  return undefined;
}
