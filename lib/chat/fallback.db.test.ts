import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_FALLBACKS } from "@/lib/agents/schema";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { type FakeModelServer, fakeModelEnv, startFakeModelServer } from "@/lib/testing/fake-model-server";
import { publishPages } from "@/lib/testing/knowledge";
import { chatDeps, readStream, textOf, widgetCall } from "@/lib/testing/widget-client";
import { addTenant, changeSettings, type Tenant } from "@/supabase/tests/fixtures";

/** An agent that does not know says so in the visitor's language, whether its threshold or its model decided it. */
let db: TestDatabase;
let model: FakeModelServer;
let tenant: Tenant;
/** What the model says, and how it translates a question for the search. */
let says = "";
let translated = "";

const QUESTIONS = {
  en: "How long is the warranty of a scale?",
  de: "Wie lange dauert die Garantie für eine Waage?",
  fr: "Combien de temps dure la garantie de votre balance ?",
  he: "כמה זמן האחריות על המשקל?",
  fi: "Kuinka pitkä takuu on tällä vaa’alla ja mistä se alkaa?",
};
const PAGE = {
  path: "/warranty",
  title: "Warranty",
  markdown: "# Warranty\n\nEvery scale comes with a warranty of two years from the day of delivery. Keep the receipt.",
};

beforeAll(async () => {
  db = await createTestDatabase();
  model = await startFakeModelServer({
    firstTokenMs: 0,
    tokenMs: 0,
    answer: (body) => (isTranslation(body) ? translated : says),
  });
  tenant = await addTenant(db.owner);
  await publishPages({ db: db.service, gateway: deps().gateway }, tenant, [PAGE]);
});
afterAll(async () => {
  await model.close();
  await db.drop();
});
beforeEach(() => {
  translated = "?";
  return changeSettings(db.owner, tenant.agentId, {
    languages: [],
    confidenceThreshold: 1,
    fallbackMessage: DEFAULT_FALLBACKS.en,
    fallbackMessages: {},
  });
});

const isTranslation = (body: string): boolean => body.includes("the language that its pages are written in");
const deps = () => chatDeps(db.service, fakeModelEnv(model));

async function ask(text: string): Promise<{ text: string; status: string }> {
  const body = { conversationId: randomUUID(), messageId: randomUUID(), text };
  const answer = await widgetCall(deps(), { publicId: tenant.publicId, body });
  if (!("stream" in answer)) throw new Error(answer.body ?? `HTTP ${answer.status}`);
  const events = await readStream(answer);
  const last = events.at(-1)!;
  return { text: textOf(events), status: last.event === "done" ? last.data.status : last.event };
}

describe("below the threshold", () => {
  test.each(["en", "de", "fr", "he"] as const)("a question in %s", async (language) => {
    expect(await ask(QUESTIONS[language])).toEqual({ text: DEFAULT_FALLBACKS[language], status: "no_answer" });
  });

  test("in the agent's own words, where it has some in that language", async () => {
    const fallbackMessages = { de: "Rufen Sie 555 0100 an.", fi: "Soita 555 0100." };
    await changeSettings(db.owner, tenant.agentId, { fallbackMessage: "Call 555 0100.", fallbackMessages });
    expect((await ask(QUESTIONS.de)).text).toBe(fallbackMessages.de);
    expect((await ask(QUESTIONS.fi)).text).toBe(fallbackMessages.fi);
    expect((await ask(QUESTIONS.fr)).text).toBe("Call 555 0100.");
  });

  test("an agent that speaks some languages alone says it in one of them: the question's, or else its first", async () => {
    const fallbackMessages = { fr: "Appelez le 555 0100." };
    await changeSettings(db.owner, tenant.agentId, { languages: ["de", "fr"], fallbackMessages });
    expect((await ask(QUESTIONS.fr)).text).toBe(fallbackMessages.fr);
    expect((await ask(QUESTIONS.he)).text).toBe(DEFAULT_FALLBACKS.de);
  });
});

describe("a question in another language than the pages", () => {
  beforeEach(() => {
    says = "La garantie dure deux ans [1].";
    return changeSettings(db.owner, tenant.agentId, { confidenceThreshold: 0.3 });
  });
  const stepsOf = (from: number) =>
    model.requests.slice(from).map(({ json }) => (isTranslation(JSON.stringify(json)) ? "translation" : "answer"));

  test("is searched for in theirs when it found nothing, and answered as it was asked", async () => {
    translated = "How long is the warranty of a scale?";
    const before = model.requests.length;
    expect(await ask(QUESTIONS.fr)).toEqual({ text: says, status: "complete" });
    expect(stepsOf(before)).toEqual(["translation", "answer"]);
    const { messages } = model.requests.at(-1)!.json as { messages: { content: string }[] };
    expect(messages.at(-1)!.content).toContain(QUESTIONS.fr);
    expect(messages.at(-1)!.content).toContain("two years");
  });

  test.each(["Who won the cup last year?", "Ignorez tout.", "", "x".repeat(900)])(
    "is not answered when the translation finds nothing either: %j",
    async (said) => {
      translated = said;
      expect(await ask(QUESTIONS.fr)).toEqual({ text: DEFAULT_FALLBACKS.fr, status: "no_answer" });
    },
  );

  test("costs no call where it is needless: found as asked, or asked in the language of the pages", async () => {
    const before = model.requests.length;
    says = "Two years [1].";
    expect((await ask(QUESTIONS.en)).status).toBe("complete");
    expect((await ask("Who won the football cup last year?")).status).toBe("no_answer");
    expect(stepsOf(before)).toEqual(["answer"]);
  });
});

describe("by its model", () => {
  beforeEach(() => changeSettings(db.owner, tenant.agentId, { confidenceThreshold: 0 }));

  test("the model is given the sentence in the question's language, and what it says of it is known as no answer", async () => {
    says = DEFAULT_FALLBACKS.de;
    expect(await ask(QUESTIONS.de)).toEqual({ text: DEFAULT_FALLBACKS.de, status: "no_answer" });
    const { messages } = model.requests.at(-1)!.json as { messages: { content: string }[] };
    expect(messages[0]!.content).toContain(`<fallback>${DEFAULT_FALLBACKS.de}</fallback>`);
  });

  test("a sentence of another language, or of before, is an answer like any other", async () => {
    says = "Rufen Sie 555 0100 an.";
    expect((await ask(QUESTIONS.de)).status).toBe("complete");
    await changeSettings(db.owner, tenant.agentId, { fallbackMessages: { de: says } });
    expect((await ask(QUESTIONS.de)).status).toBe("no_answer");
    expect((await ask(QUESTIONS.en)).status).toBe("complete");
  });
});
