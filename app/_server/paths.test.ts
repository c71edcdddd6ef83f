import { expect, test } from "vitest";
import { isPublicPath, safeNext } from "./paths";

test("a path of our own is kept with its query", () => {
  expect(safeNext("/acme/agents/1?tab=a&q=%20")).toBe("/acme/agents/1?tab=a&q=%20");
});

test.each([
  "https://evil.test/",
  "//evil.test",
  "/\\evil.test",
  "/\t/evil.test",
  "\\\\evil.test",
  "javascript:alert(1)",
  "acme",
  "",
  `/${"a".repeat(2_001)}`,
  ["/a"],
  undefined,
])("%j is nowhere to go after signing in", (value) => {
  expect(safeNext(value)).toBeNull();
});

test.each(["/", "/sign-in", "/sign-up", "/auth/callback", "/api/session/token", "/widget/v1/loader.js", "/health"])(
  "%s needs no session",
  (path) => expect(isPublicPath(path)).toBe(true),
);

test.each(["/acme", "/acme/agents/new", "/home", "/update-password", "/sign-inn"])("%s needs a session", (path) =>
  expect(isPublicPath(path)).toBe(false),
);
