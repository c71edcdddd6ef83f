import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "@/lib/core/ids";
import type { GatewayEnv } from "@/lib/llm";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { type FakeModelServer, fakeModelEnv, startFakeModelServer } from "@/lib/testing/fake-model-server";
import { publishPages } from "@/lib/testing/knowledge";
import {
  chatDeps,
  type ReadEvent,
  readStream,
  textOf,
  VISITOR_KEY,
  type WidgetCall,
  widgetCall,
} from "@/lib/testing/widget-client";
import { createPool } from "@/supabase/local/pool";
import { addTenant, type Tenant } from "@/supabase/tests/fixtures";
import type { ChatDeps } from "..";
import { sweepTurns } from "..";

let db: TestDatabase;
let model: FakeModelServer;
let tenant: Tenant;
let otherPool: ReturnType<typeof createPool>;
/** Two web processes: they share the database and nothing else. */
let here: ChatDeps;
let there: ChatDeps;

beforeAll(async () => {
  db = await createTestDatabase();
  otherPool = createPool(db.url, { max: 4 });
  // Longer than the first second, which is not logged.
  model = await startFakeModelServer({ firstTokenMs: 5, tokenMs: 30, tokens: 60 });
  tenant = await addTenant(db.owner);
  const deps = chatDeps(db.service, {} as GatewayEnv);
  await publishPages({ db: db.service, gateway: deps.gateway }, tenant, [
    {
      path: "/warranty",
      title: "Warranty",
      markdown:
        "# Warranty\n\nEvery scale comes with a warranty of two years from the day of delivery. Keep the receipt.",
    },
  ]);
});
afterAll(async () => {
  await model.close();
  await otherPool.end();
  await db.drop();
});
beforeEach(() => {
  model.setMode("ok");
  here = chatDeps(db.service, fakeModelEnv(model));
  there = chatDeps(otherPool, fakeModelEnv(model));
});
afterEach(async () => {
  await Promise.all([here.answers.close(0), there.answers.close(0)]);
});

const message = () => ({ conversationId: randomUUID(), messageId: randomUUID(), text: "How long is the warranty?" });
const call = (deps: ChatDeps, over: Omit<WidgetCall, "publicId"> & { publicId?: string }) =>
  widgetCall(deps, { publicId: tenant.publicId, ...over });
const post = async (deps: ChatDeps, body = message(), headers: Record<string, string> = {}) =>
  call(deps, { body, headers });
const follow = async (deps: ChatDeps, answerId: string, after?: number) =>
  readStream(await call(deps, { path: `answers/${answerId}/events${after === undefined ? "" : `?after=${after}`}` }));
const stop = (deps: ChatDeps, answerId: string, over: Partial<WidgetCall> = {}) =>
  call(deps, { method: "POST", path: `answers/${answerId}/stop`, ...over });

const answerIdOf = (events: ReadEvent[]): string => {
  const start = events[0]!;
  if (start.event !== "start") throw new Error("no start");
  return start.data.answerId;
};
const last = (events: ReadEvent[]) => events.at(-1)!;
const stored = async (answerId: string) =>
  (await db.owner.query("select status, content, error_code from messages where id = $1", [answerId])).rows[0];
const logged = async (): Promise<number> =>
  (await db.owner.query("select count(*)::int as n from private.running_answers")).rows[0].n;
const usage = async () =>
  (await db.owner.query("select used::int, reserved::int from usage_counters where tenant_id = $1", [tenant.tenantId]))
    .rows[0] ?? { used: 0, reserved: 0 };
/** A reader who goes away with the first piece of text. */
const glance = async (deps: ChatDeps, body = message()) =>
  readStream(await post(deps, body), (events) => textOf(events) !== "");

test("cut at every event and read on here and in another process, each time the pieces make the same text", async () => {
  const joined: Promise<{ seen: ReadEvent[]; rest: ReadEvent[] }>[] = [];
  let cuts = 0;
  const events = await readStream(await post(here), (seen) => {
    const answerId = answerIdOf(seen);
    // An answer has no more than 32 readers; further events are cut at when it is stored.
    for (; cuts < Math.min(seen.length, 30); cuts++) {
      const before = seen.slice(0, cuts + 1);
      for (const deps of [here, there])
        joined.push(follow(deps, answerId, last(before).id).then((rest) => ({ seen: before, rest })));
    }
    return false;
  });
  const whole = textOf(events);
  expect(cuts, "it came in many pieces").toBeGreaterThan(8);
  for (const { seen, rest } of await Promise.all(joined)) {
    expect(textOf(seen) + textOf(rest)).toBe(whole);
    expect(rest.filter(({ event }) => event === "start")).toEqual([]);
    expect(last(rest)).toMatchObject({ event: "done", data: { status: "complete" } });
  }
  const answerId = answerIdOf(events);
  for (const [index, { id }] of events.entries()) {
    const seen = textOf(events.slice(0, index + 1));
    expect(seen + textOf(await follow(there, answerId, id)), "from the store").toBe(whole);
  }
  expect(await stored(answerId)).toMatchObject({ status: "complete", content: whole });
  expect(await logged()).toBe(0);
});

test("an answer goes on when its reader has left, is stored whole, and counts once", async () => {
  const before = await usage();
  const seen = await glance(here);
  const answerId = answerIdOf(seen);
  expect(await stored(answerId)).toMatchObject({ status: "streaming" });
  const all = await follow(here, answerId);
  expect(last(all)).toMatchObject({ event: "done", data: { status: "complete" } });
  expect(textOf(all).startsWith(textOf(seen))).toBe(true);
  expect(textOf(seen).length).toBeLessThan(textOf(all).length);
  expect(await stored(answerId)).toMatchObject({ status: "complete", content: textOf(all) });
  expect(await usage()).toEqual({ used: before.used + 1, reserved: before.reserved });
});

test("the same message again reads the answer that is under way, here and there, after its cursor or from the start", async () => {
  const body = message();
  const seen = await glance(here, body);
  const requests = model.requests.length;
  const cursor = { "last-event-id": String(last(seen).id) };
  const [again, elsewhere, rest] = await Promise.all([
    post(here, body).then(readStream),
    post(there, body).then(readStream),
    post(there, body, cursor).then(readStream),
  ]);
  expect(textOf(elsewhere)).toBe(textOf(again));
  expect(textOf(seen) + textOf(rest)).toBe(textOf(again));
  expect(rest.some(({ event }) => event === "start")).toBe(false);
  expect(answerIdOf(elsewhere)).toBe(answerIdOf(seen));
  expect(model.requests).toHaveLength(requests);
  const later = await readStream(await post(there, body, cursor));
  expect(textOf(seen) + textOf(later), "from the store").toBe(textOf(again));
});

test("the same first message many times at once, in two processes, is one answer for all", async () => {
  const body = message();
  const requests = model.requests.length;
  const all = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => readStream(await post(i % 2 ? here : there, body))),
  );
  expect(new Set(all.map(answerIdOf)).size).toBe(1);
  expect(new Set(all.map(textOf)).size).toBe(1);
  expect(model.requests).toHaveLength(requests + 1);
});

test("an answer has so many readers and no more", async () => {
  model.setMode("endless");
  const answerId = answerIdOf(await glance(here));
  for (const deps of [here, there]) {
    const gone = new AbortController();
    const reading = Array.from({ length: 32 }, async () => {
      const response = await call(deps, { path: `answers/${answerId}/events` });
      if (!("stream" in response)) throw new Error(`refused: ${response.body}`);
      await response.stream(() => {}, gone.signal);
    });
    await expect.poll(async () => (await call(deps, { path: `answers/${answerId}/events` })).status).toBe(429);
    gone.abort();
    await Promise.all(reading);
  }
  await stop(here, answerId);
});

describe("a visitor's stop", () => {
  test.each(["here", "there"] as const)("asked for %s ends the answer and the model's work for good", async (where) => {
    model.setMode("endless");
    const body = message();
    let stopped: Promise<unknown> | undefined;
    const events = await readStream(await post(here, body), (seen) => {
      if (textOf(seen) !== "") stopped ??= stop(where === "here" ? here : there, answerIdOf(seen));
      return false;
    });
    expect(await stopped).toMatchObject({ status: 204, body: null });
    expect(last(events)).toMatchObject({ event: "done", data: { status: "stopped" } });
    const answerId = answerIdOf(events);
    expect(await stored(answerId)).toMatchObject({ status: "stopped", content: textOf(events) });
    await expect.poll(() => model.openStreams).toBe(0);
    const again = await readStream(await post(there, body));
    expect(textOf(again)).toBe(textOf(events));
    expect(last(again)).toMatchObject({ event: "done", data: { status: "stopped" } });
    expect(await logged()).toBe(0);
  });

  test("of an answer that has ended changes nothing", async () => {
    const events = await readStream(await post(here));
    expect((await stop(there, answerIdOf(events))).status).toBe(204);
    expect(await stored(answerIdOf(events))).toMatchObject({ status: "complete", content: textOf(events) });
    expect(await logged()).toBe(0);
  });
});

describe("an answer is nobody else's", () => {
  test.each([
    ["another visitor", { headers: { "x-alonchat-visitor": "f".repeat(32) } }, 404],
    ["no visitor's key", { headers: { "x-alonchat-visitor": "" } }, 400],
    ["a page of another site", { headers: { origin: "https://evil.test" } }, 404],
    ["an agent that does not exist", { publicId: "ag_unknown" }, 404],
  ])("%s can neither read nor stop it", async (_who, over, status) => {
    const seen = await glance(here);
    const answerId = answerIdOf(seen);
    for (const deps of [here, there]) {
      expect((await call(deps, { path: `answers/${answerId}/events`, ...over })).status).toBe(status);
      expect((await stop(deps, answerId, over)).status).toBe(status);
    }
    expect(last(await follow(here, answerId))).toMatchObject({ event: "done", data: { status: "complete" } });
  });

  test("through another tenant's agent it cannot be reached, by the same visitor either", async () => {
    const other = await addTenant(db.owner);
    const answerId = answerIdOf(await glance(here));
    const over = { publicId: other.publicId };
    expect((await call(there, { path: `answers/${answerId}/events`, ...over })).status).toBe(404);
    expect((await stop(there, answerId, over)).status).toBe(404);
    expect(last(await follow(there, answerId))).toMatchObject({ data: { status: "complete" } });
  });

  test.each(["not-an-id", randomUUID(), "%27%3B--"])(
    "an id that is none of the visitor's (%s) is not found",
    async (id) => {
      expect((await call(here, { path: `answers/${id}/events` })).status).toBe(404);
      expect((await stop(here, id)).status).toBe(404);
    },
  );

  test("a question of one's own is no answer", async () => {
    const body = message();
    await readStream(await post(here, body));
    expect((await call(here, { path: `answers/${body.messageId}/events` })).status).toBe(404);
  });
});

describe("a process that goes away", () => {
  test("asked to, lets its answers end", async () => {
    const seen = await glance(here);
    await here.answers.close();
    expect(await stored(answerIdOf(seen))).toMatchObject({ status: "complete" });
    expect((await post(here)).status).toBe(503);
  });

  test("ends those that take too long as interrupted, with what they said", async () => {
    model.setMode("endless");
    const body = message();
    const seen = await glance(here, body);
    const reading = readStream(await post(here, body));
    await here.answers.close(1);
    const events = await reading;
    expect(last(events)).toMatchObject({ event: "error", data: { code: "interrupted" } });
    expect(await stored(answerIdOf(seen))).toEqual({
      status: "failed",
      content: textOf(events),
      error_code: "interrupted",
    });
  });

  test("without a word leaves its text to the sweep; the question is then answered anew, from the start for every cursor", async () => {
    const body = message();
    const answerId = randomUUID();
    await db.service.query(
      "select service.begin_turn($1, 'https://shop.test', '', null, 'widget', $2, null, $3, $4, $5, $6)",
      [tenant.publicId, sha256(VISITOR_KEY), body.conversationId, body.messageId, answerId, body.text],
    );
    await db.service.query("select service.append_running_answers($1, $2)", [
      JSON.stringify([{ tenantId: tenant.tenantId, answerId, at: 0, length: 9, text: "Two years", checks: null }]),
      [answerId],
    ]);
    expect(await sweepTurns({ db: db.service }), "it lives").toBe(0);
    const following = follow(there, answerId);
    await db.owner.query("update messages set created_at = now() - interval '2 minutes' where id = $1", [answerId]);
    await db.owner.query("update private.running_answers set beat_at = now() - interval '2 minutes'");
    expect(await sweepTurns({ db: db.service })).toBe(1);
    const events = await following;
    expect(textOf(events)).toBe("Two years");
    expect(last(events)).toMatchObject({ event: "error", data: { code: "interrupted" } });
    expect(await stored(answerId)).toEqual({ status: "failed", content: "Two years", error_code: "interrupted" });
    const anew = await readStream(await post(there, body, { "last-event-id": String(events.at(-2)!.id) }));
    expect(answerIdOf(anew)).not.toBe(answerId);
    expect(last(anew)).toMatchObject({ event: "done", data: { status: "complete" } });
    expect(await stored(answerIdOf(anew))).toMatchObject({ content: textOf(anew) });
  });
});

test("a log that cannot be written costs its readers nothing, and is made whole again", async () => {
  const { deps, failuresLeft } = failing("append_running_answers", "connection lost", 2);
  const body = message();
  const seen = await glance(deps, body);
  const [own, other] = await Promise.all([readStream(await post(deps, body)), follow(there, answerIdOf(seen))]);
  expect(failuresLeft()).toBe(0);
  expect(textOf(other)).toBe(textOf(own));
  expect(await stored(answerIdOf(seen))).toMatchObject({ status: "complete", content: textOf(own) });
});

test("an answer is stored and counted once though every connection was busy at its end", async () => {
  const before = await usage();
  const { deps, failuresLeft } = failing("finish_turn", "timeout exceeded when trying to connect", 3);
  const events = await readStream(await post(deps));
  expect(failuresLeft()).toBe(0);
  expect(await stored(answerIdOf(events))).toMatchObject({ status: "complete", content: textOf(events) });
  expect(await usage()).toEqual({ used: before.used + 1, reserved: before.reserved });
});

test("who finds every connection busy is told to come again", async () => {
  const { deps } = failing("begin_turn", "timeout exceeded when trying to connect", 1);
  const refused = await post(deps);
  expect(refused.status).toBe(503);
  expect(JSON.parse((refused as { body: string }).body).error.code).toBe("upstream_busy");
});

/** A process whose calls of one function fail so many times, before they reach the database. */
function failing(name: string, reason: string, times: number): { deps: ChatDeps; failuresLeft: () => number } {
  let left = times;
  const query = (statement: { text: string }) => {
    if (left === 0 || !statement.text.includes(`service.${name}(`)) return db.service.query(statement as never);
    left--;
    return Promise.reject(new Error(reason));
  };
  const flaky = Object.create(db.service, { query: { value: query } }) as typeof db.service;
  return { deps: chatDeps(flaky, fakeModelEnv(model)), failuresLeft: () => left };
}
