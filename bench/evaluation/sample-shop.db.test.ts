import { expect, onTestFinished, test } from "vitest";
import { createTestDatabase } from "@/lib/testing/database";
import { evaluateSampleSite } from "./sample-shop";

test("the sample shop's questions are found, answered, cited and refused as often as they must be, without any model key", {
  timeout: 240_000,
}, async () => {
  const db = await createTestDatabase();
  onTestFinished(() => db.drop());
  const { summary, below, failed } = await evaluateSampleSite(db);
  expect(below, JSON.stringify({ summary, failed }, null, 1)).toEqual([]);
  expect(summary.errors).toBe(0);
});
