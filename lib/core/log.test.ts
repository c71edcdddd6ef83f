import pg from "pg";
import { expect, test } from "vitest";
import { AppError } from "./errors";
import { errorForLog } from "./log";

test("of an error its name, code, words and place are logged, and those of what caused it", () => {
  const cause = Object.assign(new TypeError("fetch failed"), { code: "ECONNREFUSED" });
  const logged = errorForLog(new AppError("upstream_failed", "The model could not be reached.", { cause }));
  expect(logged).toMatchObject({
    type: "AppError",
    code: "upstream_failed",
    message: "The model could not be reached.",
    stack: expect.stringContaining("log.test.ts"),
    cause: { type: "TypeError", code: "ECONNREFUSED", message: "fetch failed" },
  });
});

test("nothing else that an error carries is: neither a row of Postgres, nor a prompt, nor a key", () => {
  const refused = Object.assign(new pg.DatabaseError("new row violates check constraint", 90, "error"), {
    code: "23514",
    detail: "Failing row contains (1, my card is 4111 1111).",
    where: "SQL statement …",
  });
  const call = Object.assign(new Error("HTTP 400"), {
    requestBodyValues: { messages: ["my card is 4111 1111"] },
    responseBody: "Incorrect API key provided: sk-4111",
    cause: refused,
  });
  const text = JSON.stringify(errorForLog(new AggregateError([call, "4111"], "Two things failed.", { cause: call })));
  expect(text).toContain("23514");
  expect(text).not.toContain("4111");
});

test.each([["4111 1111"], [{ message: "4111" }], [null], [undefined], [4111]])(
  "of a thrown %j that is no error only what it is is logged",
  (thrown) => {
    expect(JSON.stringify(errorForLog(thrown))).not.toContain("4111");
  },
);
