import { afterAll, beforeAll, expect, test } from "vitest";
import { callRows, type Db } from "@/lib/db/pool";
import { createGateway } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { publishPages } from "@/lib/testing/knowledge";
import { addTenant, type Tenant } from "@/supabase/tests/fixtures";
import { retrieve } from "./retrieve";

const gateway = createGateway({ env: {}, onCall: () => {} });
const page = (name: string, text: string) => ({ path: `/${name}`, title: name, markdown: `# ${name}\n\n${text}` });
const PAGES = [
  page("Preise", "Die Versandkosten betragen 5 Euro und sind für alle gleich."),
  page("Bezahlen", "Wir nehmen Kreditkarten an, und Sie können auch auf Rechnung kaufen."),
  page("Garten", "Unser Garten ist für alle da, und der Eintritt ist frei."),
  page("Umzug", "Wenn Sie umziehen, ändern Sie die Adresse für Ihre Lieferung im Konto."),
];

let db: TestDatabase;
let tenant: Tenant;
let other: Tenant;

beforeAll(async () => {
  db = await createTestDatabase();
  [tenant, other] = [await addTenant(db.owner), await addTenant(db.owner)];
  await publishPages({ db: db.service, gateway }, tenant, PAGES);
  await publishPages({ db: db.service, gateway }, other, [
    page("Geheim", "Die Geheimrezepte und die Sonderrabatte sind nicht für andere."),
  ]);
});
afterAll(() => db.drop());

/** What a question finds by words alone, and which functions it called. */
async function ask(question: string, who = tenant, language = "de") {
  const calls: string[] = [];
  const query = (...args: unknown[]) => {
    calls.push(/service\.(\w+)/.exec((args[0] as { text: string }).text)![1]!);
    return (db.service.query as (...all: unknown[]) => unknown)(...args);
  };
  const found = await retrieve({ db: { query } as Db, gateway }, { ...who, question, language, embeddingModel: null });
  return {
    calls: calls.filter((name) => name !== "read_chunks"),
    first: found.chunks[0]?.title,
    question: found.question,
    confidence: found.confidence,
  };
}

test("a word finds the page that has a compound of it, and a compound the page that has its parts", async () => {
  for (const [question, title] of [
    ["Wie ist das mit dem Versand?", "Preise"],
    ["Nehmt ihr Karten?", "Bezahlen"],
    ["Lieferadresse", "Umzug"],
  ])
    expect(await ask(question!)).toMatchObject({
      first: title,
      calls: ["match_chunks", "known_terms", "match_chunks"],
    });
});

test("a compound of two words of a question answers it, whatever their order and endings", async () => {
  for (const question of ["Was kostet der Versand?", "Wie hoch sind die Kosten für den Versand?"]) {
    const { first, confidence } = await ask(question);
    expect(first).toBe("Preise");
    expect(confidence).toBeGreaterThan(0.35);
  }
});

test("a compound that has the word in it goes before a spelling that is one letter away", async () => {
  // "Karten" is one letter away from "Garten".
  expect(await ask("Nehmt ihr Karten?")).toMatchObject({
    first: "Bezahlen",
    question: expect.stringMatching(/Karten\?$/),
  });
  expect((await ask("Wo ist der Gaarten?")).question).toBe("Wo ist der garten?");
});

test("a question whose words are known costs no call more, and one of which nothing is known is searched once", async () => {
  expect((await ask("Wie hoch sind die Versandkosten?")).calls).toEqual(["match_chunks"]);
  expect((await ask("Wo ist der Garten?")).calls).toEqual(["match_chunks"]);
  expect((await ask("Xylophon?")).calls).toEqual(["match_chunks", "known_terms"]);
});

test("parts of another agent's words find nothing, and lead to nothing", async () => {
  expect((await ask("Rabatte?", other)).first).toBe("Geheim");
  expect((await ask("Rabatte?")).confidence).toBe(0);
  const known = (who: { tenantId: string; agentId: string }) =>
    callRows(db.service, "known_terms", {
      tenant_id: who.tenantId,
      agent_id: who.agentId,
      terms: [],
      beginnings: ["geheim"],
      ends: ["rabatt"],
    });
  expect(await known(other)).toMatchObject([{ word: "geheimrezept" }, { word: "sonderrabatt" }]);
  expect(await known(tenant)).toEqual([]);
  expect(await known({ tenantId: tenant.tenantId, agentId: other.agentId })).toEqual([]);
  expect(await known({ tenantId: other.tenantId, agentId: tenant.agentId })).toEqual([]);
});
