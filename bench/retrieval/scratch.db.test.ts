import { afterAll, beforeAll, expect, test } from "vitest";
import { call, callRows } from "@/lib/db/pool";
import { embeddingKey, indexTerms, retrieve } from "@/lib/knowledge";
import { queryTerms } from "@/lib/knowledge/lexical";
import { type CallRecord, createGateway, type GatewayEnv } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startReranker } from "./reranker";
import { asMarkdown, type IndexedPassage, indexCorpus, type ScratchAgent } from "./scratch";

const documents = [
  { id: "returns", title: "Returns", text: "You may send a garden back within 45 days. We pay for the label." },
  { id: "tank", title: "The tank", text: "The tank holds four litres of water. Fill it once a week." },
  { id: "lamp", title: "The lamp", text: "The lamp shines for fourteen hours and uses 34 watts." },
  {
    id: "table",
    title: "Codes",
    text: "| Code | Meaning |\n|---|---|\n| E02 | The filter is blocked |\n| E07 | The lamp is hot |",
  },
];
const gateway = createGateway({ env: {}, onCall: () => {} });
let database: TestDatabase;
let agent: ScratchAgent & { passages: IndexedPassage[] };
let neighbour: ScratchAgent;

beforeAll(async () => {
  database = await createTestDatabase();
  const index = (corpus: typeof documents) =>
    indexCorpus({ owner: database.owner, gateway }, { documents: corpus, queries: [], judgements: new Map() });
  agent = await index(documents);
  neighbour = await index([{ id: "secret", title: "Returns", text: "You may send a garden back within 99 days." }]);
});
afterAll(() => database.drop());

const find = async (question: string, who: ScratchAgent = agent, by = gateway) =>
  (
    await retrieve(
      { db: database.service, gateway: by },
      { ...who, question, language: "en", embeddingModel: embeddingKey(gateway.embeddingModel) },
    )
  ).chunks.map(({ url }) => url.split("/").at(-1));

test.each([
  ["How long do I have to send something back?", "returns"],
  ["how much watter fits into the tank", "tank"],
  ["My display shows E02", "table"],
  ["How many watts does the light use?", "lamp"],
])("%s finds the right page first", async (question, expected) => {
  expect((await find(question))[0]).toBe(expected);
});

test("a question whose words are on no page as it spells them still finds something", async () => {
  expect(await find("literz filterr")).not.toEqual([]);
});

test("one agent's questions never find another agent's passages", async () => {
  expect(await find("send a garden back")).not.toContain("secret");
  expect(await find("send a garden back", neighbour)).toEqual(["secret"]);
  expect(await find("send a garden back", { tenantId: neighbour.tenantId, agentId: agent.agentId })).toEqual([]);
});

test("a stand-in for a reranker decides the order over HTTP, by the judgements of the question that is asked", async () => {
  const question = "How long do I have to send something back?";
  const judgements = new Map([["q1", new Map([["lamp", 1]])]]);
  const dataset = { documents, queries: [{ id: "q1", text: question }], judgements };
  const reranker = await startReranker("oracle", { dataset, passages: agent.passages, answerMs: 0 });
  const calls: CallRecord[] = [];
  const reranking = createGateway({ env: reranker.env as GatewayEnv, onCall: (record) => void calls.push(record) });
  const asked = "May I send the lamp back? How long do I have to send it?";
  try {
    reranker.asks("q2");
    expect(await find(asked, agent, reranking)).toEqual(await find(asked));
    reranker.asks("q1");
    expect((await find(asked, agent, reranking))[0]).toBe("lamp");
    expect(calls.filter(({ step, outcome }) => step === "rerank" && outcome === "ok")).toHaveLength(2);
  } finally {
    await reranker.stop();
  }
  expect(await find(asked, agent, reranking)).toEqual(await find(asked));
  expect(calls.at(-1)).toMatchObject({ step: "rerank", outcome: "error" });
});

test("the database scores as the formula says", async () => {
  const passages = documents.map(({ title, text }) =>
    indexTerms({ title, headingPath: [], content: text, language: "en", agentId: agent.agentId }),
  );
  const average = passages.reduce((sum, { length }) => sum + length, 0) / passages.length;
  const asked = queryTerms({ text: "lamp and water hours", language: "en", agentId: agent.agentId });
  const score = (passage: (typeof passages)[number]) =>
    asked.terms.reduce((sum, term, i) => {
      const at = passage.terms.indexOf(term);
      if (at < 0) return sum;
      const n = passages.filter(({ terms }) => terms.includes(term)).length;
      const tf = passage.tf[at]!;
      const idf = Math.log(1 + (passages.length - n + 0.5) / (n + 0.5));
      return sum + (asked.weights[i]! * idf * tf) / (tf + 1.2 * (0.4 + (0.6 * passage.length) / average));
    }, 0);
  const owner = { tenant_id: agent.tenantId, agent_id: agent.agentId };
  const { chunkIds, lexical } = await call<{ chunkIds: string[]; lexical: number[] }>(
    database.service,
    "match_chunks",
    { ...owner, ...asked },
  );
  const rows = await callRows<{ chunk_id: string; title: string }>(database.service, "read_chunks", {
    ...owner,
    chunk_ids: chunkIds,
  });
  expect(rows.length).toBeGreaterThan(1);
  for (const { chunk_id, title } of rows) {
    const found = lexical[chunkIds.indexOf(chunk_id)]!;
    const expected = score(passages[documents.findIndex((document) => document.title === title)]!);
    // Lengths are encoded with an average that may be up to 5 % old.
    expect(Math.abs(found - expected)).toBeLessThan(0.05 * expected + 1e-6);
  }
});

test("code without a fence is set in one, prose is left alone", () => {
  const code = "# adds two numbers\ndef add(a, b):\n    total = a + b\n    return total";
  expect(asMarkdown(code)).toBe(`\`\`\`\n${code}\n\`\`\``);
  const prose = "# Adding\n\nPress plus; then press equals.\nThat is all.";
  expect(asMarkdown(prose)).toBe(prose);
});
