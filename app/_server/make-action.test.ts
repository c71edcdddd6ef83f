import { redirect } from "next/navigation";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Role } from "@/lib/tenancy/schema";
import { makeActions } from "./make-action";

const Rename = z.object({
  name: z.string().min(1, "Give it a name."),
  tags: z.array(z.string().max(3, "Too long.")).default([]),
});

const as = (role: Role) =>
  makeActions({
    memberOf: async (slug) => {
      if (slug !== "acme") throw new AppError("not_found", "This workspace does not exist.");
      return { role };
    },
    platformAdmin: async () => {
      throw new AppError("not_found", "There is no such page.");
    },
    requestId: async () => "request-1",
  });

test("a member with the role gets the function's value", async () => {
  const rename = as("admin").action(Rename, "admin", async ({ name }) => ({ name: name.toUpperCase() }));
  expect(await rename("acme", { name: "lumen" })).toEqual({ ok: true, data: { name: "LUMEN" } });
});

test("a member below the role is refused before the function runs, and told which role it needs", async () => {
  const fn = vi.fn(async () => ({}));
  const result = await as("operator").action(Rename, "admin", fn)("acme", { name: "x" });
  expect(result).toEqual({ ok: false, code: "forbidden", message: "This needs the role admin; yours is operator." });
  expect(fn).not.toHaveBeenCalled();
});

test("an action of the platform is for who runs it: everyone else is refused before the input is read", async () => {
  const fn = vi.fn(async ({ name }: { name: string }) => name);
  const refused = await as("owner").platformAction(Rename, fn)({ name: "" });
  expect(refused).toEqual({ ok: false, code: "not_found", message: "There is no such page." });
  expect(fn).not.toHaveBeenCalled();
  const { platformAction } = makeActions({
    memberOf: async () => ({ role: "viewer" as const }),
    platformAdmin: async () => ({ email: "ada@example.test" }),
    requestId: async () => "request-1",
  });
  expect(await platformAction(Rename, fn)({ name: "" })).toMatchObject({ ok: false, code: "bad_request" });
  expect(await platformAction(Rename, async (_input, { email }) => email)({ name: "x" })).toEqual({
    ok: true,
    data: "ada@example.test",
  });
});

test("somebody who may not know the workspace is refused before the input is read", async () => {
  const result = await as("owner").action(Rename, "viewer", async () => ({}))("other", { name: "" });
  expect(result).toMatchObject({ ok: false, code: "not_found" });
});

test("bad input names each field with its first message, nested ones by path", async () => {
  const result = await as("admin").action(Rename, "admin", async () => ({}))("acme", {
    name: "",
    tags: ["ok", "long one"],
  });
  expect(result).toMatchObject({ ok: false, fieldErrors: { name: "Give it a name.", "tags.1": "Too long." } });
});

test("input that is no object at all is bad input, not a crash", async () => {
  const result = await as("admin").action(Rename, "admin", async () => ({}))("acme", null as never);
  expect(result).toMatchObject({ ok: false, code: "bad_request" });
});

test("an AppError is an answer", async () => {
  const fn = async () => {
    throw new AppError("url_blocked", "That address is private.");
  };
  expect(await as("admin").action(Rename, "admin", fn)("acme", { name: "x" })).toEqual({
    ok: false,
    code: "url_blocked",
    message: "That address is private.",
  });
});

test("a bug throws with the request id as digest, and its message stays inside", async () => {
  const fn = async () => {
    throw new Error("password=hunter2");
  };
  const run = as("admin").action(Rename, "admin", fn)("acme", { name: "x" });
  await expect(run).rejects.toMatchObject({ digest: "request-1" });
});

test("a redirect passes through", async () => {
  const run = as("admin").action(Rename, "admin", async () => redirect("/elsewhere"))("acme", { name: "x" });
  await expect(run).rejects.toMatchObject({ digest: expect.stringContaining("/elsewhere") });
});

test("a form keeps what was typed, but never a secret", async () => {
  const form = new FormData();
  form.set("email", "a@b.test");
  form.set("password", "secret");
  const submit = as("owner").formAction(
    z.object({ email: z.string().max(3, "Too long.") }),
    ["email"],
    async () => ({}),
  );
  const state = await submit({ result: null, values: {} }, form);
  expect(state).toMatchObject({
    values: { email: "a@b.test" },
    result: { ok: false, fieldErrors: { email: "Too long." } },
  });
  expect(JSON.stringify(state)).not.toContain("secret");
});
