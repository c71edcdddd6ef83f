import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createApi } from "./api";
import type { AnswerEvent } from "./protocol";

const question = { conversationId: "c", messageId: "m", text: "How?" };
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function api(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return createApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "ag_1", () => "abc");
}

/** Answers with these bytes, each piece on its own. */
const stream =
  (...pieces: (string | Uint8Array)[]): RequestListener =>
  async (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const piece of pieces) {
      await new Promise((resolve) => response.write(piece, resolve));
      await new Promise(setImmediate);
    }
    response.end();
  };

async function ask(listener: RequestListener, signal = new AbortController().signal): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = [];
  await (await api(listener)).ask(question, signal, (event) => events.push(event));
  return events;
}

const DONE = 'event: done\ndata: {"status":"complete","answerId":"a"}\n\n';
const done: AnswerEvent = ["done", { status: "complete", answerId: "a" }];

test("a question goes out with the visitor's key and no cookies, to the agent's address", async () => {
  let seen: unknown;
  await ask((request, response) => {
    const { method, url, headers } = request;
    seen = {
      method,
      url,
      visitor: headers["x-alonchat-visitor"],
      type: headers["content-type"],
      cookie: headers.cookie,
    };
    stream(DONE)(request, response);
  });
  expect(seen).toEqual({
    method: "POST",
    url: "/api/widget/v1/agents/ag_1/messages",
    visitor: "abc",
    type: "application/json",
    cookie: undefined,
  });
});

test("events are the same wherever the bytes are cut, within a character too, and after a byte order mark", async () => {
  const bytes = new TextEncoder().encode(
    `\uFEFF: hi\r\nevent: delta\r\ndata: {"text":"grün \u{1F600}"}\r\n\r\n${DONE}`,
  );
  for (let size = 1; size < 9; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.slice(i * size, i * size + size),
    );
    expect(await ask(stream(...pieces))).toEqual([["delta", { text: "grün \u{1F600}" }], done]);
  }
});

test("nothing is reported after done", async () => {
  expect(await ask(stream(`${DONE}event: delta\ndata: {"text":"late"}\n\n`))).toEqual([done]);
});

test("a refusal before the stream has the server's code and time to wait", async () => {
  const refusal = ask((_, response) => {
    response.writeHead(429, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { code: "rate_limited", message: "slow down", retryAfterMs: 7000 } }));
  });
  await expect(refusal).rejects.toMatchObject({ code: "rate_limited", retryAt: expect.closeTo(Date.now() + 7000, -4) });
});

test("an error event ends the answer with its code and time to wait", async () => {
  const events =
    'event: delta\ndata: {"text":"a"}\n\nevent: error\ndata: {"code":"upstream_busy","message":"x","retryAfterMs":5}\n\n';
  await expect(ask(stream(events + DONE))).rejects.toMatchObject({ code: "upstream_busy" });
});

test.each([
  ["a page of a proxy that is overloaded", 503, "<html>", "upstream_busy"],
  ["a page of anything else", 418, "<html>", "internal"],
])("%s is told apart", async (_, status, body, code) => {
  await expect(ask((_, response) => void response.writeHead(status).end(body))).rejects.toMatchObject({ code });
});

test.each([
  ["ends before done", stream('event: delta\ndata: {"text":"a"}\n\n')],
  ["breaks off", (_, response) => void response.writeHead(200).write(":\n", () => response.destroy())],
  ["never begins", (_, response) => void response.destroy()],
] satisfies [string, RequestListener][])("a stream that %s is a lost connection", async (_, listener) => {
  await expect(ask(listener)).rejects.toMatchObject({ code: "network" });
});

test("data that is no JSON is an internal error", async () => {
  await expect(ask(stream("event: delta\ndata: {\n\n"))).rejects.toMatchObject({ code: "internal" });
});

test("an abort reaches the server and is not turned into another error", async () => {
  const controller = new AbortController();
  let closed: () => void = () => {};
  const wasClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const answer = ask((_, response) => {
    response.on("close", closed);
    response.writeHead(200).write(":\n\n", () => controller.abort());
  }, controller.signal);
  await expect(answer).rejects.toMatchObject({ name: "AbortError" });
  await wasClosed;
});

test("a conversation the server does not know has no messages; another refusal is an error", async () => {
  const refuse = (status: number, code: string) =>
    api((_, response) => void response.writeHead(status).end(JSON.stringify({ error: { code, message: "" } })));
  expect(await (await refuse(404, "not_found")).history("c")).toEqual([]);
  await expect((await refuse(403, "origin_not_allowed")).history("c")).rejects.toMatchObject({
    code: "origin_not_allowed",
  });
});

test("a configuration that is no JSON is an internal error", async () => {
  const broken = await api((_, response) => void response.end("<html>"));
  await expect(broken.config()).rejects.toMatchObject({ code: "internal" });
});
