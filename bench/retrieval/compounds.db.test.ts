import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddingKey, retrieve } from "@/lib/knowledge";
import { createGateway } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { COMPOUND_QUESTIONS, HELP_CENTRE, UNANSWERED } from "./compounds";
import { indexCorpus, type ScratchAgent } from "./scratch";

const gateway = createGateway({ env: {}, onCall: () => {} });
let database: TestDatabase;
let agent: ScratchAgent;

beforeAll(async () => {
  database = await createTestDatabase();
  agent = await indexCorpus(
    { owner: database.owner, gateway },
    { documents: HELP_CENTRE, queries: [], judgements: new Map() },
  );
});
afterAll(() => database.drop());

/** Half of these would be found by chance and by pieces of words; a threshold is what an agent has unless it is changed. */
const THRESHOLD = 0.35;

const ask = async (question: string) => {
  const { chunks, confidence } = await retrieve(
    { db: database.service, gateway },
    { ...agent, question, language: "de", embeddingModel: embeddingKey(gateway.embeddingModel) },
  );
  return { first: chunks[0]?.url.split("/").at(-1), isSure: confidence >= THRESHOLD };
};

test("most questions find the page that says the compound for their word, or their compound in parts: 26 of 49 without looking for either", async () => {
  let found = 0;
  let sure = 0;
  for (const [question, id] of COMPOUND_QUESTIONS) {
    const { first, isSure } = await ask(question);
    if (first === id) found++;
    if (first === id && isSure) sure++;
  }
  expect(found).toBeGreaterThanOrEqual(34);
  expect(sure, "above the threshold, where it was 3").toBeGreaterThanOrEqual(19);
});

test.each(UNANSWERED)("%s stays unknown", async (question) => {
  expect((await ask(question)).isSure).toBe(false);
});
