import { expect, test } from "vitest";
import type { Gateway } from "@/lib/llm";
import type { RankedChunk } from "./lexical";
import { rerank } from "./rerank";

const chunk = (chunkId: string, score: number): RankedChunk =>
  ({ chunkId, score, title: "T", headingPath: ["H"], content: chunkId }) as RankedChunk;
const RANKED = [chunk("a", 3), chunk("b", 2), chunk("c", 1)];
const META = { tenantId: "t" };
const gateway = (scores: number[] | null, canRerank = true) =>
  ({ canRerank, rerank: async () => scores }) as unknown as Gateway;
const order = (chunks: RankedChunk[]) => chunks.map(({ chunkId, score }) => `${chunkId}${score}`).join(" ");

test("passages stand in the reranker's order, with the scores of the places they take", async () => {
  expect(order(await rerank(gateway([0.1, 0.9, 0.5]), "q", RANKED, META))).toBe("b3 c2 a1");
});

test("those it scores alike stay in the search's order", async () => {
  expect(order(await rerank(gateway([1, 1, 7]), "q", RANKED, META))).toBe("c3 a2 b1");
});

test("without a reranker, and when it fails, the order is the search's own", async () => {
  expect(await rerank(gateway([0, 1, 2], false), "q", RANKED, META)).toBe(RANKED);
  expect(await rerank(gateway(null), "q", RANKED, META)).toBe(RANKED);
});
