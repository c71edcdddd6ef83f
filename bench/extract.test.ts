import { describe, expect, test } from "vitest";
import { extractionData, measureExtraction } from "./extract";

const folder = extractionData();
if (!folder) console.info("Main-content scores are skipped: there is no development data beside the repository.");

describe.skipIf(!folder)("main content of real pages", () => {
  test("news and documentation reach the bars, and no page throws", async () => {
    const { news, docs } = await measureExtraction(folder!, ["ours"]);
    expect(news.ours?.f1).toBeGreaterThanOrEqual(0.975);
    expect(docs.ours?.f1).toBeGreaterThanOrEqual(0.995);
    expect(docs.ours?.worstLayout).toBeGreaterThanOrEqual(0.985);
    expect([news.ours?.errors, docs.ours?.errors]).toEqual([0, 0]);
  });
});
