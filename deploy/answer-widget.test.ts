import { Agent, createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { ChatDeps } from "@/lib/chat";
import { answerWidget, clientAddress, widgetTarget } from "./answer-widget";

const close: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of close.splice(0)) await step();
});

/** What is refused before anything else happens needs nothing from outside. */
async function startWidget(): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer((request, response) => {
    const target = widgetTarget(request.url ?? "");
    if (target) void answerWidget({ limits: null } as ChatDeps, request, response, target, null);
    else response.writeHead(421).end();
  }).on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close.push(() => new Promise((resolve) => server.close(resolve)));
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

test.each([
  ["/api/widget/v1/agents/agt_1/config", { publicId: "agt_1", path: "config", query: "" }],
  [
    "/api/widget/v1/agents/a%2Fb/answers/1/events?after=3",
    { publicId: "a/b", path: "answers/1/events", query: "after=3" },
  ],
  ["/api/widget/v1/agents/%E0%A4%A/config", { publicId: "%E0%A4%A", path: "config", query: "" }],
])("%s is asked of the widget's API", (url, { query, ...expected }) => {
  const target = widgetTarget(url);
  expect(target).toMatchObject(expected);
  expect(target?.query.toString()).toBe(query);
});

test.each([
  "/",
  "",
  "/acme/agents",
  "/api/widget/v1/agents/agt_1",
  "/api/widget/v1/agents/agt_1/",
  "/api/widget/v1/agents//config",
  "http://127.0.0.1/api/widget/v1/agents/agt_1/config",
])("%j is Next's", (url) => expect(widgetTarget(url)).toBeNull());

test.each([
  [0, "6.6.6.6", "127.0.0.1"],
  [0, undefined, "127.0.0.1"],
  [1, undefined, "127.0.0.1"],
  [1, "", "127.0.0.1"],
  [1, "8.8.8.8", "8.8.8.8"],
  [1, "6.6.6.6, 8.8.8.8", "8.8.8.8"],
  [2, "6.6.6.6, 8.8.8.8 ,10.0.0.1", "8.8.8.8"],
  [2, "8.8.8.8", "127.0.0.1"],
])("behind %d proxies X-Forwarded-For: %s means %s", (proxies, forwarded, expected) => {
  const request = { headers: { "x-forwarded-for": forwarded }, socket: { remoteAddress: "127.0.0.1" } };
  expect(clientAddress(request as unknown as IncomingMessage, proxies)).toBe(expected);
});

test("a message that is too large is refused in words, and the connection serves the next request", async () => {
  const { port, connections } = await startWidget();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  close.push(async () => agent.destroy());
  const post = (sizeBytes: number) =>
    new Promise<{ status?: number; body: string }>((resolve, reject) => {
      const request = httpRequest(
        {
          port,
          host: "127.0.0.1",
          agent,
          method: "POST",
          path: "/api/widget/v1/agents/agt_1/messages",
          headers: { "x-alonchat-visitor": "a".repeat(32) },
        },
        async (response) => {
          let body = "";
          for await (const piece of response.setEncoding("utf8")) body += piece;
          resolve({ status: response.statusCode, body });
        },
      ).on("error", reject);
      request.end("x".repeat(sizeBytes));
    });
  for (const sizeBytes of [70_000, 5_000_000, 70_000]) {
    const { status, body } = await post(sizeBytes);
    expect(status).toBe(413);
    expect(JSON.parse(body).error.message).toContain("64 KB");
  }
  expect((await post(10)).status).toBe(400);
  expect(connections()).toBe(1);
});
