import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createApi } from "./api";
import type { AnswerEvent, Challenge } from "./protocol";

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
  const headers: Record<string, string> = { "x-alonchat-visitor": "abc" };
  const solve = async ({ salt }: Challenge) => {
    headers["x-alonchat-proof"] = `proof of ${salt}`;
  };
  return createApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "ag_1", () => headers, solve);
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
  await expect(refusal).rejects.toMatchObject({
    code: "rate_limited",
    retryAt: expect.closeTo(performance.now() + 7000, -4),
  });
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

test("a reconnection says which event was the last, and each event comes with its id", async () => {
  let after: unknown;
  const ids: string[] = [];
  const connected = await api((request, response) => {
    after = request.headers["last-event-id"];
    stream('id: 8\nevent: delta\ndata: {"text":"a"}\n\n', `id: 9\n${DONE}`)(request, response);
  });
  await connected.ask(question, new AbortController().signal, (_, id) => ids.push(id), "7");
  expect({ after, ids }).toEqual({ after: "7", ids: ["8", "9"] });
});

test("a challenge is solved, and the message sent again with the proof; a second one in a row is a refusal", async () => {
  const proofs: unknown[] = [];
  const refuse: RequestListener = (request, response) => {
    proofs.push(request.headers["x-alonchat-proof"]);
    response.writeHead(403).end(
      JSON.stringify({
        error: { code: "challenge_required", message: "" },
        challenge: { salt: "s", difficultyBits: 1, expiresAt: "1", signature: "x" },
      }),
    );
  };
  await ask((request, response) => (proofs.length ? stream(DONE) : refuse)(request, response));
  expect(proofs).toEqual([undefined]);
  await expect(ask(refuse)).rejects.toMatchObject({ code: "challenge_required" });
  expect(proofs).toEqual([undefined, undefined, "proof of s"]);
});

test("other requests carry the visitor's key; nothing comes back from a 204, and a refusal has its code", async () => {
  const seen: unknown[] = [];
  const answering = (status: number, body?: unknown) =>
    api(({ method, url, headers }, response) => {
      seen.push([method, url, headers["x-alonchat-visitor"]]);
      response.writeHead(status).end(body && JSON.stringify(body));
    });
  const path = "/api/widget/v1/agents/ag_1/conversations";
  expect(await (await answering(200, { conversations: [] })).send("conversations")).toEqual({ conversations: [] });
  expect(await (await answering(204)).send("conversations", { a: 1 })).toBeUndefined();
  await (await answering(204)).send("conversations", undefined, "DELETE");
  expect(seen).toEqual([
    ["GET", path, "abc"],
    ["POST", path, "abc"],
    ["DELETE", path, "abc"],
  ]);
  const refused = (await answering(404, { error: { code: "not_found", message: "" } })).send("conversations");
  await expect(refused).rejects.toMatchObject({ code: "not_found" });
});

test("a configuration that is no JSON is an internal error", async () => {
  const broken = await api((_, response) => void response.end("<html>"));
  await expect(broken.config()).rejects.toMatchObject({ code: "internal" });
});
