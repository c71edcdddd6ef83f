import { expect, test } from "vitest";
import { memberError } from "./member-error";

const WORDS = { forbidden: "You may not.", not_found: "It is gone.", otherwise: "Try again in a moment." };

test.each([
  ["42501", "forbidden", "You may not."],
  ["23503", "not_found", "It is gone."],
  // Nobody thought that these can come: that is a bug, whatever it is called.
  ["23505", "internal", "Try again in a moment."],
  ["23514", "internal", "Try again in a moment."],
  ["42703", "internal", "Try again in a moment."],
  // The database is away or has no time.
  ["57014", "upstream_failed", "Try again in a moment."],
  ["53300", "upstream_failed", "Try again in a moment."],
  ["PGRST003", "upstream_failed", "Try again in a moment."],
  ["", "upstream_failed", "Try again in a moment."],
  [undefined, "upstream_failed", "Try again in a moment."],
])("%s is %s", (code, expected, message) => {
  const cause = { ...(code === undefined ? {} : { code }), message: "TypeError: fetch failed" };
  expect(memberError(cause, WORDS)).toMatchObject({ code: expected, message, cause });
});

test("each refusal has its own words, and a state that moved on is a conflict like a name that is taken", () => {
  const words = { ...WORDS, conflict: "It is there already.", bad_request: "It does not fit." };
  expect(memberError({ code: "23505", message: "" }, words).message).toBe("It is there already.");
  expect(memberError({ code: "ALH01", message: "" }, words).message).toBe("It is there already.");
  expect(memberError({ code: "23514", message: "" }, words).message).toBe("It does not fit.");
});
