import { expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { errorResponse } from "./error-response";

test("an AppError has its own status and words, and the wait in both forms", async () => {
  const response = errorResponse(new AppError("rate_limited", "Slow down.", { retryAfterMs: 1_500 }), "r1");
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(await response.json()).toEqual({
    error: { code: "rate_limited", message: "Slow down.", retryAfterMs: 1_500 },
    requestId: "r1",
  });
});

test("a bug tells nothing but the request id", async () => {
  const response = errorResponse(new Error("connect ECONNREFUSED 10.1.2.3 password=x"), "r2");
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(text).not.toMatch(/10\.1\.2\.3|password/);
  expect(text).toContain("r2");
});

test("bad input is a 400 that names the field", async () => {
  const { error } = z.object({ text: z.string() }).safeParse({});
  const response = errorResponse(error, "r3");
  expect(response.status).toBe(400);
  expect((await response.json()).error.message).toContain("text");
});

test("answers of errors are never cached", () => {
  expect(errorResponse(new AppError("not_found", "No."), "r4").headers.get("cache-control")).toBe("no-store");
});
