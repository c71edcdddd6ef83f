import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddingKey, retrieve } from "@/lib/knowledge";
import { createGateway } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { LANGUAGES } from "./languages";
import { indexCorpus, type ScratchAgent } from "./scratch";

const gateway = createGateway({ env: {}, onCall: () => {} });
let database: TestDatabase;
/** One agent that knows all languages: the passages of the other thirteen are distractors too. */
let agent: ScratchAgent;

beforeAll(async () => {
  database = await createTestDatabase();
  const documents = Object.entries(LANGUAGES).flatMap(([language, { passages }]) =>
    Object.entries(passages).map(([topic, text]) => ({ id: `${language}-${topic}`, text })),
  );
  agent = await indexCorpus({ owner: database.owner, gateway }, { documents, queries: [], judgements: new Map() });
});
afterAll(() => database.drop());

const ask = (
  question: string,
  language: string,
  embeddingModel: string | null = embeddingKey(gateway.embeddingModel),
) => retrieve({ db: database.service, gateway }, { ...agent, question, language, embeddingModel });
const firstOf = ({ chunks }: Awaited<ReturnType<typeof ask>>) => chunks[0]?.url.split("/").at(-1);

const cases = Object.entries(LANGUAGES).flatMap(([language, { questions }]) =>
  questions.map(([question, topic]) => [language, question, topic] as const),
);
test.each(cases)("%s: %s finds the passage", async (language, question, topic) => {
  expect(firstOf(await ask(question, language))).toBe(`${language}-${topic}`);
});

const misspelled = Object.entries(LANGUAGES).flatMap(([language, { misspelled }]) =>
  misspelled ? [[language, ...misspelled] as const] : [],
);
test.each(misspelled)(
  "%s: %s finds it by the word that was meant, without a vector",
  async (language, question, topic) => {
    const found = await ask(question, language, null);
    expect(firstOf(found)).toBe(`${language}-${topic}`);
    expect(found.question).not.toBe(question);
  },
);
