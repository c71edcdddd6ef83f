import { afterEach, expect, test, vi } from "vitest";
import { AppError, publicError } from "./errors";
import { processSlot } from "./process-slot";

afterEach(() => vi.resetModules());

/** A module as another bundle of the same process holds it. */
async function copyOf<T>(load: () => Promise<T>): Promise<T> {
  vi.resetModules();
  return load();
}

test("a slot is one for all bundles of a process, and another for each name", async () => {
  const { processSlot: other } = await copyOf(() => import("./process-slot"));
  expect(other).not.toBe(processSlot);
  processSlot<string>("test.a").value = "kept";
  expect(other("test.a").value).toBe("kept");
  expect(other("test.b").value).toBeUndefined();
});

test("an error that another bundle threw keeps its code, its status and its words", async () => {
  const { AppError: Other } = await copyOf(() => import("./errors"));
  expect(Other).not.toBe(AppError);
  const thrown: unknown = new Other("not_found", "There is no such page.");
  if (!(thrown instanceof AppError)) throw new Error("another bundle's error is one of ours");
  expect(thrown.policy.http).toBe(404);
  expect(publicError(thrown)).toEqual({ code: "not_found", message: "There is no such page." });
});

test.each([
  new Error("AppError"),
  Object.assign(new Error("x"), { name: "AppError", code: "not_found" }),
  { code: "not_found", message: "x", name: "AppError" },
  null,
  "AppError",
])("%o is no error of ours", (value) => {
  expect(value instanceof AppError).toBe(false);
  expect(publicError(value).code).toBe("internal");
});
