import { afterAll, beforeAll, expect, test } from "vitest";
import { retrieve } from "@/lib/knowledge";
import { createGateway } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { type FilledAgent, fillAgent } from "./fill";

let database: TestDatabase;
let agent: FilledAgent;

beforeAll(async () => {
  database = await createTestDatabase();
  agent = await fillAgent(database.owner, { chunks: 60, questions: 5, seed: 1 });
});
afterAll(() => database.drop());

const rows = async (query: string) => (await database.owner.query(query)).rows;
const state = async () => ({
  agents: await rows("select chunk_count, total_length, encoded_average from public.lex_agents"),
  terms: await rows("select term, chunk_count from public.lex_terms order by term"),
  passages: await rows("select id, published, lexical::text from public.chunks order by id"),
});

test("every question finds the passage that it was made from", async () => {
  expect(agent.questions).toHaveLength(5);
  const gateway = createGateway({ env: {}, onCall: () => {} });
  for (const question of agent.questions) {
    const { chunks } = await retrieve(
      { db: database.service, gateway },
      { ...agent, question, language: "en", embeddingModel: null },
    );
    for (const word of question.split(" ")) expect(chunks[0]?.content).toContain(word);
  }
});

test("a filled agent has what publishing the same passages leaves behind", async () => {
  const filled = await state();
  await database.owner.query("update public.chunks set published = false, lexical = null");
  await database.owner.query("delete from public.lex_terms");
  await database.owner.query("delete from public.lex_agents");
  await database.owner.query(
    "select private.publish_chunks(c.tenant_id, c.agent_id, c.page_version_id) from (select * from public.chunks limit 1) c",
  );
  expect(await state()).toEqual(filled);
});
