import type { REALTIME_SUBSCRIBE_STATES, RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { SignJWT } from "jose";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { type FixtureStack, forgetGatewayLog, startFixture } from "../fixtures/stack";
import { createPool } from "../pool";
import { createRealtime, type Realtime } from "./server";

/** Not a matter of speed: a busy machine may take its time. */
const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read);

let stack: FixtureStack;
let admin: pg.Pool;
const clients: SupabaseClient[] = [];
beforeAll(async () => {
  stack = await startFixture();
  admin = createPool(stack.adminDatabaseUrl, { max: 2 });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.removeAllChannels()));
  forgetGatewayLog();
});
afterAll(async () => {
  await admin.end();
  await stack.stop();
});

const person = async () => {
  const user = await stack.signUp();
  clients.push(user.client);
  await user.client.realtime.setAuth(user.accessToken);
  return user;
};

/** Resolves with how the subscription ended up. */
const subscribe = (channel: RealtimeChannel): Promise<`${REALTIME_SUBSCRIBE_STATES}`> =>
  new Promise((resolve) => {
    channel.subscribe((status) => resolve(status));
  });

describe("private channels", () => {
  test("a member hears what the database sends to the topic; a stranger may not even listen", async () => {
    const [a, b] = await Promise.all([person(), person()]);
    const heard = vi.fn();
    const topic = `room:${a.userId}`;
    const mine = a.client.channel(topic, { config: { private: true } }).on("broadcast", { event: "said" }, heard);
    expect(await subscribe(mine)).toBe("SUBSCRIBED");
    expect(await subscribe(b.client.channel(topic, { config: { private: true } }))).toBe("CHANNEL_ERROR");
    await a.client.rpc("announce", { p_topic: topic, p_text: "hello" });
    await eventually(() => heard.mock.calls[0]?.[0]).toMatchObject({ event: "said", payload: { text: "hello" } });
  });

  test("a public channel of the same name hears nothing of it", async () => {
    const [a, b] = await Promise.all([person(), person()]);
    const [heard, overheard] = [vi.fn(), vi.fn()];
    const topic = `room:${a.userId}`;
    await subscribe(a.client.channel(topic, { config: { private: true } }).on("broadcast", { event: "said" }, heard));
    await subscribe(b.client.channel(topic).on("broadcast", { event: "*" }, overheard));
    await a.client.rpc("announce", { p_topic: topic, p_text: "secret" });
    await eventually(() => heard.mock.calls.length).toBe(1);
    expect(overheard).not.toHaveBeenCalled();
  });

  test("somebody without an account may not listen", async () => {
    const anyone = stack.connect();
    clients.push(anyone);
    expect(await subscribe(anyone.channel("hall", { config: { private: true } }))).toBe("CHANNEL_ERROR");
  });

  test("who may only listen cannot send, by socket or by HTTP", async () => {
    const [a, b] = await Promise.all([person(), person()]);
    const heard = vi.fn();
    const config = { private: true, broadcast: { ack: true } };
    const listener = b.client.channel("hall", { config: { private: true } }).on("broadcast", { event: "*" }, heard);
    const sender = a.client.channel("hall", { config });
    expect(await subscribe(listener)).toBe("SUBSCRIBED");
    expect(await subscribe(sender)).toBe("SUBSCRIBED");
    expect(await sender.send({ type: "broadcast", event: "x", payload: {} })).toBe("error");
    await a.client.channel("hall", { config }).httpSend("x", {});
    await admin.query("select realtime.send('{\"n\": 1}', 'last', 'hall', true)");
    await eventually(() => heard.mock.calls.map(([message]) => message.event)).toEqual(["last"]);
  });

  test("clients of a private topic hear each other, by socket and by HTTP", async () => {
    const a = await person();
    const again = stack.connect();
    clients.push(again);
    await again.auth.signInWithPassword(a);
    const heard = vi.fn();
    const config = { private: true, broadcast: { ack: true } };
    const one = a.client.channel(`room:${a.userId}`, { config }).on("broadcast", { event: "*" }, heard);
    const two = again.channel(`room:${a.userId}`, { config });
    expect([await subscribe(one), await subscribe(two)]).toEqual(["SUBSCRIBED", "SUBSCRIBED"]);
    expect(await two.send({ type: "broadcast", event: "socket", payload: { text: "grüße 👋" } })).toBe("ok");
    await two.httpSend("http", { n: 2 });
    await eventually(() => heard.mock.calls.map(([m]) => [m.event, m.payload])).toEqual([
      ["socket", { text: "grüße 👋" }],
      ["http", { n: 2 }],
    ]);
  });
});

describe("broadcast from SQL", () => {
  test("arrives in order, and larger than a notification can be", async () => {
    const a = await person();
    const heard = vi.fn();
    await subscribe(a.client.channel("hall", { config: { private: true } }).on("broadcast", { event: "*" }, heard));
    for (let i = 0; i < 20; i++)
      await admin.query(
        "select realtime.send(jsonb_build_object('i', $1::int, 'pad', repeat('x', 20000)), 'big', 'hall', true)",
        [i],
      );
    await eventually(() => heard.mock.calls.map(([m]) => m.payload.i)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(heard.mock.calls[0]?.[0].payload.pad).toHaveLength(20_000);
  });

  test("of a transaction that is rolled back nothing is heard", async () => {
    const a = await person();
    const heard = vi.fn();
    await subscribe(a.client.channel("hall", { config: { private: true } }).on("broadcast", { event: "*" }, heard));
    await admin.query(
      "begin; select realtime.send('{}', 'lost', 'hall', true); rollback; select realtime.send('{}', 'kept', 'hall', true)",
    );
    await eventually(() => heard.mock.calls.map(([m]) => m.event)).toEqual(["kept"]);
  });
});

test("row changes reach only those who may read the row", async () => {
  const [a, b] = await Promise.all([person(), person()]);
  const [seen, filtered, others] = [vi.fn(), vi.fn(), vi.fn()];
  const table = { event: "*", schema: "public", table: "notes" } as const;
  const live = a.client
    .channel("changes")
    .on("postgres_changes", table, seen)
    .on("postgres_changes", { ...table, event: "UPDATE", filter: "body=eq.second" }, filtered);
  const ready = vi.fn();
  live.on("system", {}, ready);
  await subscribe(live);
  await subscribe(b.client.channel("changes").on("postgres_changes", { ...table, event: "INSERT" }, others));
  await eventually(() => ready.mock.calls.length).toBeGreaterThan(0);
  const { data } = await a.client.from("notes").insert({ body: "first" }).select("id").single();
  // A changed row is read again as the subscriber: each change is heard before the next one is made.
  const heard = () => eventually(() => seen.mock.calls.map(([change]) => change.eventType));
  await heard().toEqual(["INSERT"]);
  await a.client.from("notes").update({ body: "second" }).eq("id", data?.id);
  await heard().toEqual(["INSERT", "UPDATE"]);
  await a.client.from("notes").delete().eq("id", data?.id);
  await heard().toEqual(["INSERT", "UPDATE", "DELETE"]);
  expect(seen.mock.calls[0]?.[0].new).toMatchObject({ id: data?.id, user_id: a.userId });
  expect(seen.mock.calls[2]?.[0].old).toEqual({ id: data?.id });
  expect(filtered.mock.calls.map(([change]) => change.new.body)).toEqual(["second"]);
  expect(others).not.toHaveBeenCalled();
});

test("presence shows who is there, and who left", async () => {
  const [a, b] = await Promise.all([person(), person()]);
  const watching = a.client.channel("lobby", { config: { presence: { key: "a", enabled: true } } });
  const left = vi.fn();
  watching.on("presence", { event: "sync" }, () => {}).on("presence", { event: "leave" }, left);
  await subscribe(watching);
  const joining = b.client.channel("lobby", { config: { presence: { key: "b", enabled: true } } });
  await subscribe(joining);
  await watching.track({ name: "Ann" });
  await joining.track({ name: "Bob" });
  await eventually(() => Object.keys(watching.presenceState()).sort()).toEqual(["a", "b"]);
  expect(watching.presenceState<{ name: string }>().b?.[0]?.name).toBe("Bob");
  await b.client.removeAllChannels();
  await eventually(() => Object.keys(watching.presenceState())).toEqual(["a"]);
  expect(left).toHaveBeenCalledOnce();
});

test("a presence key may be any text", async () => {
  const odd = await person();
  const watcher = await person();
  const key = "__proto__";
  const channel = odd.client.channel("odd", { config: { presence: { key, enabled: true } } });
  await subscribe(channel);
  await channel.track({ name: "Odd" });
  const { frames, send, ws } = await rawSocket();
  send("1", "1", "realtime:odd", "phx_join", { config: { presence: { key: watcher.userId, enabled: true } } });
  await eventually(() => JSON.stringify(frames[1]?.[4])).toMatch(/^\{"__proto__":\{"metas":\[\{"name":"Odd"/);
  ws.terminate();
});

/** A raw connection, for what a well-behaved client does not do. */
async function rawSocket(options: { key?: string; url?: string } = {}) {
  const base = (options.url ?? stack.apiUrl).replace("http", "ws");
  const ws = new WebSocket(`${base}/realtime/v1/websocket?apikey=${options.key ?? stack.publishableKey}&vsn=2.0.0`);
  const frames: unknown[][] = [];
  ws.on("message", (data) => frames.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => ws.once("close", resolve));
  await new Promise((resolve, reject) => {
    ws.once("open", resolve);
    ws.once("error", reject);
  });
  return { ws, frames, closed, send: (...frame: unknown[]) => ws.send(JSON.stringify(frame)) };
}

const tokenFor = (userId: string, expiresInS: number) =>
  new SignJWT({ role: "authenticated" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(userId)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInS)
    .sign(new TextEncoder().encode(stack.jwtSecret));

describe("tokens", () => {
  test("a channel is closed when its token expires", async () => {
    const { userId } = await person();
    const { frames, send, ws } = await rawSocket();
    send("1", "1", "realtime:hall", "phx_join", { config: { private: true }, access_token: await tokenFor(userId, 2) });
    await eventually(() => frames[0]).toMatchObject(["1", "1", "realtime:hall", "phx_reply", { status: "ok" }]);
    await eventually(() => frames.map((frame) => frame[3])).toEqual(["phx_reply", "system", "phx_close"]);
    expect(frames[1]?.[4]).toMatchObject({ status: "error", message: "Token has expired" });
    ws.terminate();
  });

  test("an expired, a forged and no token at all do not join a private channel", async () => {
    const { userId } = await person();
    const forged = `${(await tokenFor(userId, 60)).slice(0, -4)}AAAA`;
    const { frames, send, ws } = await rawSocket();
    for (const [i, token] of [await tokenFor(userId, -10), forged, undefined, "nonsense"].entries())
      send(String(i), String(i), `realtime:hall`, "phx_join", { config: { private: true }, access_token: token });
    await eventually(() => frames.length).toBe(4);
    for (const frame of frames) expect(frame[4]).toMatchObject({ status: "error" });
    expect(frames[0]?.[4]).toMatchObject({ response: { reason: "InvalidJWTToken: Token has expired" } });
    ws.terminate();
  });

  test("a new token keeps the channel; a bad one closes it", async () => {
    const { userId } = await person();
    const { frames, send, ws } = await rawSocket();
    send("1", "1", "realtime:hall", "phx_join", {
      config: { private: true },
      access_token: await tokenFor(userId, 60),
    });
    send("1", "2", "realtime:hall", "access_token", { access_token: await tokenFor(userId, 120) });
    send("1", "3", "realtime:hall", "presence", { event: "untrack" });
    await eventually(() => frames.map((frame) => frame[3])).toEqual(["phx_reply", "phx_reply"]);
    send("1", "4", "realtime:hall", "access_token", { access_token: "nonsense" });
    await eventually(() => frames.map((frame) => frame[3]).slice(2)).toEqual(["system", "phx_close"]);
    ws.terminate();
  });

  test("a wrong API key does not get a socket", async () => {
    await expect(rawSocket({ key: "sb_publishable_wrong" })).rejects.toThrow("401");
  });
});

describe("a client that misbehaves", () => {
  const stats = async () => {
    const response = await fetch(`${stack.apiUrl}/realtime/v1/stats`, { headers: { apikey: stack.secretKey } });
    return (await response.json()) as { drops: number; invalidFrames: number; sockets: number; channels: number };
  };

  test("gets an answer to nonsense and can go on", async () => {
    const before = (await stats()).invalidFrames;
    const { ws, frames, send } = await rawSocket();
    for (const nonsense of ["", "nonsense", "[]", "{}", "null", '["1","1"]', '[1,2,{"a":1},4,5]']) ws.send(nonsense);
    for (const bytes of [[], [0], [3, 200, 200, 200, 200, 200, 1], [3, 0, 0, 0, 0, 0, 1], [9, 9, 9]])
      ws.send(Buffer.from(bytes));
    send(null, "1", "realtime:hall", "shrug", {});
    send(null, "2", "phoenix", "heartbeat", {});
    await eventually(() => frames.at(-1)).toEqual([null, "2", "phoenix", "phx_reply", { status: "ok", response: {} }]);
    expect(frames.filter((frame) => frame[3] === "phx_error")).toHaveLength(12);
    expect((await stats()).invalidFrames - before).toBe(12);
    ws.terminate();
  });

  test("is closed when a frame is too large", async () => {
    const { ws, closed } = await rawSocket();
    ws.send("x".repeat(300 * 1024));
    expect(await closed).toBe(1009);
  });

  test("cannot join more channels than allowed", async () => {
    const { ws, frames, send } = await rawSocket();
    for (let i = 0; i <= 100; i++) send(String(i), String(i), `realtime:many-${i}`, "phx_join", { config: {} });
    await eventually(() => frames.length).toBe(101);
    expect(frames[99]?.[4]).toMatchObject({ status: "ok" });
    expect(frames[100]?.[4]).toMatchObject({
      status: "error",
      response: { reason: expect.stringContaining("Too many channels") },
    });
    ws.terminate();
    await eventually(async () => (await stats()).channels).toBe(0);
  });

  test("and does not read is dropped and counted, while others go on", async () => {
    const before = (await stats()).drops;
    const slow = await rawSocket();
    const other = await person();
    const heard = vi.fn();
    await subscribe(other.client.channel("flood").on("broadcast", { event: "*" }, heard));
    slow.send("1", "1", "realtime:flood", "phx_join", { config: {} });
    await eventually(() => slow.frames.length).toBe(1);
    slow.ws.pause();
    const sender = stack.connect();
    clients.push(sender);
    const pad = "x".repeat(200_000);
    let sent = 0;
    while ((await stats()).drops === before && sent < 200) {
      await sender.channel("flood").httpSend("n", { n: sent++, pad });
    }
    expect((await stats()).drops).toBe(before + 1);
    await eventually(() => heard.mock.calls.length).toBe(sent);
    slow.ws.terminate();
  });

  test("may not read the counters", async () => {
    const url = `${stack.apiUrl}/realtime/v1/stats`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { apikey: stack.publishableKey } })).status).toBe(403);
  });
});

test("a socket that falls silent is closed; heartbeats keep one open", async () => {
  const { createServer } = await import("node:http");
  const { listen } = await import("../gateway/server");
  const keys = { ...stack, superuserPassword: "", ownerPassword: "", servicePassword: "", fieldKeys: "" };
  const realtime: Realtime = await createRealtime({
    adminUrl: stack.adminDatabaseUrl,
    keys,
    limits: { silenceMs: 2_000 },
  });
  const server = createServer().on("upgrade", realtime.upgrade);
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  const [silent, alive] = await Promise.all([rawSocket({ url }), rawSocket({ url })]);
  const beat = setInterval(() => alive.send(null, "1", "phoenix", "heartbeat", {}), 50);
  expect(await silent.closed).toBe(1006);
  expect(alive.ws.readyState).toBe(WebSocket.OPEN);
  clearInterval(beat);
  await realtime.close();
  server.close();
});
