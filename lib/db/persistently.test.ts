import { expect, test } from "vitest";
import { persistently } from "./persistently";

const failing = (code: string, times: number) => {
  let tries = 0;
  const attempt = async () => {
    if (++tries <= times) throw Object.assign(new Error(code), { code });
    return tries;
  };
  return { attempt, tries: () => tries };
};

test("a deadlock is tried again, twice at most", async () => {
  expect(await persistently(failing("40P01", 2).attempt)).toBe(3);
  const hopeless = failing("40P01", 9);
  await expect(persistently(hopeless.attempt)).rejects.toMatchObject({ code: "40P01" });
  expect(hopeless.tries()).toBe(3);
});

test("any other error is not tried again", async () => {
  const refused = failing("42501", 1);
  await expect(persistently(refused.attempt)).rejects.toMatchObject({ code: "42501" });
  expect(refused.tries()).toBe(1);
});
