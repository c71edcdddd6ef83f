import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allJobs } from "./jobs";

const names = allJobs.map(({ name }) => name);

test("no two jobs have one name: they would share a queue", () => {
  expect(new Set(names).size).toBe(names.length);
});

test("the deploy guide names the queues that its reader finds, and no others", () => {
  const row = readFileSync("docs/deploy.md", "utf8")
    .split("\n")
    .find((line) => line.startsWith("| `/admin/queues`"));
  const [, ...told] = [...row!.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(told.sort()).toEqual([...names].sort());
});
