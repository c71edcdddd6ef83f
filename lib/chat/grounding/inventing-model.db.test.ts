import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { type FakeModelServer, fakeModelEnv, startFakeModelServer } from "@/lib/testing/fake-model-server";
import { publishPages } from "@/lib/testing/knowledge";
import { chatDeps, readStream, widgetCall } from "@/lib/testing/widget-client";
import { addTenant, type Tenant } from "@/supabase/tests/fixtures";

let db: TestDatabase;
let model: FakeModelServer;
let tenant: Tenant;
let answer = "";

beforeAll(async () => {
  db = await createTestDatabase();
  model = await startFakeModelServer({ firstTokenMs: 1, tokenMs: 1, answer: () => answer });
  tenant = await addTenant(db.owner);
  await publishPages({ db: db.service, gateway: deps().gateway }, tenant, [
    {
      path: "/shipping",
      title: "Shipping",
      markdown:
        "# Shipping\n\nParcels leave our warehouse within one working day. Delivery inside Germany takes 2 to 3 days and costs 4.90 euros.",
    },
  ]);
});
afterAll(async () => {
  await model.close();
  await db.drop();
});

const deps = () => chatDeps(db.service, fakeModelEnv(model));

async function ask(said: string, message = { conversationId: randomUUID(), messageId: randomUUID() }) {
  answer = said;
  const body = { ...message, text: "What does delivery cost?" };
  return readStream(await widgetCall(deps(), { publicId: tenant.publicId, body }));
}

test("an invented price is marked before it is seen, stored with the answer, and marked again when it is read back", async () => {
  const message = { conversationId: randomUUID(), messageId: randomUUID() };
  const events = await ask("Delivery is quick. It costs 12.50 euros [1]. Pay at https://evil.test/pay.", message);
  let text = "";
  let marks = 0;
  for (const event of events) {
    if (event.event === "checks") marks = event.data.checks.length;
    if (event.event === "delta") text += event.data.text;
    if (text.includes("12")) expect(marks).toBeGreaterThan(0);
  }
  expect(text).toBe("Delivery is quick. It costs 12.50 euros [1]. Pay at ….");
  const checks = events.findLast((event) => event.event === "checks")!.data.checks;
  expect(checks).toEqual([
    { start: 19, end: 44, kind: "figure", items: ["12.50 euros"] },
    { start: 45, end: 54, kind: "link", items: [] },
  ]);
  const { rows } = await db.owner.query("select checks from messages where question_id = $1", [message.messageId]);
  expect(rows).toEqual([{ checks }]);
  const again = await ask("something else", message);
  expect(again.find((event) => event.event === "checks")?.data).toEqual({ checks });
  const read = await widgetCall(deps(), {
    publicId: tenant.publicId,
    path: `conversations/${message.conversationId}`,
  });
  expect(JSON.parse((read as { body: string }).body).messages.at(-1)).toMatchObject({ text, checks });
});

test("an answer that the page holds carries no mark", async () => {
  const events = await ask("Delivery takes two to three days and costs €4.90 [1].");
  expect(events.map(({ event }) => event)).not.toContain("checks");
});

test("who gets no answer is offered the way to a person", async () => {
  const known = await ask("Delivery costs 4.90 euros [1].");
  expect(known.at(-1)!.data).not.toHaveProperty("next");
  const none = await ask("I could not find that in our help pages. Please contact our team and we will gladly help.");
  expect(none.at(-1)).toMatchObject({ event: "done", data: { status: "no_answer", next: "contact" } });
});
