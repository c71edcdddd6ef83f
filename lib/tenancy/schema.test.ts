import { expect, test } from "vitest";
import { RESERVED_SLUGS, roleAtLeast, SignUp, slugify, UpdatePassword } from "./schema";

test("each role may do what the ones below it may, and not what is above", () => {
  expect(roleAtLeast("owner", "admin")).toBe(true);
  expect(roleAtLeast("admin", "admin")).toBe(true);
  expect(roleAtLeast("operator", "admin")).toBe(false);
  expect(roleAtLeast("viewer", "operator")).toBe(false);
});

test("an e-mail address is kept without spaces and in small letters", () => {
  expect(SignUp.parse({ workspaceName: " Acme ", email: " Ann@Example.COM ", password: "long enough" })).toEqual({
    workspaceName: "Acme",
    email: "ann@example.com",
    password: "long enough",
  });
});

test.each([
  ["workspaceName", { workspaceName: " " }],
  ["workspaceName", { workspaceName: "x".repeat(81) }],
  ["email", { email: "ann@" }],
  ["password", { password: "1234567" }],
  ["password", { password: "aaaaaaaaaaaa" }],
  ["password", { password: "abcd".repeat(19) }],
])("a wrong %s is said at its field", (field, change) => {
  const result = SignUp.safeParse({ workspaceName: "Acme", email: "a@b.test", password: "long enough", ...change });
  expect(result.error?.issues[0]?.path).toEqual([field]);
});

test.each(["Admin", " API ", "Sign up!", "widget"])(
  "a workspace cannot take the product's own address: %s",
  (workspaceName) => {
    expect(SignUp.safeParse({ workspaceName, email: "a@b.test", password: "long enough" }).success).toBe(false);
  },
);

test("a slug is made as the database makes it", () => {
  expect(slugify("Lumen & Co.")).toBe("lumen-co");
  expect(slugify("日本")).toBe("workspace");
  expect(slugify("x".repeat(60))).toHaveLength(40);
  for (const slug of RESERVED_SLUGS) expect(slugify(slug)).toBe(slug);
});

test("two different passwords are noticed at the second", () => {
  const result = UpdatePassword.safeParse({ password: "long enough", repeat: "long enuogh" });
  expect(result.error?.issues[0]?.path).toEqual(["repeat"]);
});
