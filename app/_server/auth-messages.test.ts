import { AuthApiError, AuthRetryableFetchError } from "@supabase/supabase-js";
import { expect, test } from "vitest";
import { authFailure } from "./auth-messages";

test("a wrong password and an unknown address say the same", () => {
  const { message } = authFailure(new AuthApiError("Invalid login credentials", 400, "invalid_credentials"));
  expect(message).toBe("E-mail address or password is wrong.");
  expect(authFailure(new AuthApiError("Invalid login credentials", 400, undefined)).message).toBe(message);
});

test("an auth server that is away is not the person's fault", () => {
  expect(authFailure(new AuthRetryableFetchError("fetch failed", 0))).toMatchObject({ code: "upstream_failed" });
  expect(authFailure(new AuthApiError("boom", 503, undefined))).toMatchObject({ code: "upstream_failed" });
});

test("words of the auth server that we do not know are not shown", () => {
  const failure = authFailure(new AuthApiError("duplicate key value violates users_pkey", 422, "strange"));
  expect(failure.message).not.toContain("users_pkey");
});
