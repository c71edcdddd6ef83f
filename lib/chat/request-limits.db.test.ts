import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sha256 } from "@/lib/core/ids";
import type { GatewayEnv } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { chatDeps, type WidgetCall, widgetCall } from "@/lib/testing/widget-client";
import { addTenant, type Tenant } from "@/supabase/tests/fixtures";
import { type ChatDeps, RequestLimits } from ".";

let db: TestDatabase;
let tenant: Tenant;

beforeAll(async () => {
  db = await createTestDatabase();
  tenant = await addTenant(db.owner);
});
afterAll(() => db.drop());

const limited = (perMinute: { visitorPerMinute?: number; networkPerMinute?: number }): ChatDeps =>
  chatDeps(db.service, {} as GatewayEnv, { requests: new RequestLimits(perMinute) });
const browser = () => ({ "x-alonchat-visitor": sha256(randomUUID()) });

async function ask(deps: ChatDeps, call: Omit<WidgetCall, "publicId">): Promise<number> {
  const answer = await widgetCall(deps, { publicId: tenant.publicId, ...call });
  if ("stream" in answer) {
    await answer.stream(() => {}, new AbortController().signal);
    await answer.settled;
  }
  return answer.status;
}

/** Everything that a visitor may ask, and how it is answered to one whom nobody knows. */
const message = { conversationId: randomUUID(), messageId: randomUUID(), text: "How long is the warranty?" };
const ADDRESSES: [Omit<WidgetCall, "publicId">, number][] = [
  [{ path: "config" }, 200],
  [{ path: "conversations" }, 200],
  [{ path: `conversations/${randomUUID()}` }, 404],
  [{ path: `answers/${randomUUID()}/events` }, 404],
  [{ path: `answers/${randomUUID()}/stop`, body: {} }, 404],
  [{ path: `answers/${randomUUID()}/feedback`, body: { rating: "up" } }, 404],
  [{ path: "avatar/none.png" }, 404],
  [{ path: `conversations/${randomUUID()}/survey`, body: { score: 5 } }, 404],
  [{ path: "no/such/address" }, 404],
  [{ method: "DELETE", path: "visitor" }, 204],
  [{ path: "messages", body: message }, 200],
];

test("whatever a visitor asks is counted, and refused above the limit before the database hears of it", async () => {
  const deps = limited({ visitorPerMinute: ADDRESSES.length });
  const headers = browser();
  for (const [call, status] of ADDRESSES) expect(await ask(deps, { ...call, headers }), call.path).toBe(status);
  const query = vi.spyOn(db.service, "query");
  for (const [call] of ADDRESSES) expect(await ask(deps, { ...call, headers }), call.path).toBe(429);
  expect(query).not.toHaveBeenCalled();
  query.mockRestore();
  expect(await ask(deps, { path: "config", headers: browser() }), "another visitor of the same address").toBe(200);
});

test("a refusal says when to come again, and a page may always ask whether it may ask", async () => {
  const deps = limited({ visitorPerMinute: 1 });
  const call = { publicId: tenant.publicId, path: "config", headers: browser() };
  await widgetCall(deps, call);
  const refused = await widgetCall(deps, call);
  expect(refused).toMatchObject({ status: 429, headers: { "access-control-allow-origin": "https://shop.test" } });
  expect(refused.headers["retry-after"]).toMatch(/^\d+$/);
  expect((await widgetCall(deps, { ...call, method: "OPTIONS" })).status).toBe(204);
});

test("keys made up anew do not get around the limit of their network, all of whose addresses count together", async () => {
  const deps = limited({ networkPerMinute: 3 });
  const from = (address: string | null) => ask(deps, { path: "config", headers: browser(), address });
  for (const host of [1, 2, 3]) expect(await from(`2001:db8:0:7::${host}`)).toBe(200);
  expect(await from("2001:db8:0:7:ffff::4")).toBe(429);
  expect(await from("2001:db8:0:8::1"), "another network").toBe(200);
  expect(await from("203.0.113.9")).toBe(200);
  for (let n = 0; n < 5; n++) expect(await from(null), "where the server does not know").toBe(200);
});

test("without limits nobody is counted", async () => {
  const deps = chatDeps(db.service, {} as GatewayEnv, { requests: null });
  const headers = browser();
  for (let n = 0; n < 400; n++) expect(await ask(deps, { path: "no/such/address", headers })).toBe(404);
});
