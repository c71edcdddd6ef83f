import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type {
  AgentConfig,
  AnswerEvent,
  Challenge,
  Citation,
  Question,
  StoredMessage,
} from "../../components/widget/protocol";

export const AGENT = "ag_testagent2345678";
export const OTHER_AGENT = "ag_otheragent234567";

/** Writes one event of the answer; resolves when it is on the wire. */
export type Send = (...event: AnswerEvent) => Promise<void>;

export interface Asked extends Question {
  visitor: string;
  origin: string;
}

/** An answer and what was sent of it: it goes on, whoever listens. */
interface Running {
  id: string;
  events: AnswerEvent[];
  listeners: Set<ServerResponse>;
  stopped: boolean;
}

/**
 * A stand-in for AlonChat that speaks the wire protocol and serves the built widget, for tests of the widget alone. It
 * runs in the test's own process: a test sets `config`, `answer` or `refuse` and sees what was asked in `asked`.
 */
export class FakeApp {
  config: AgentConfig = defaultConfig();
  allowedOrigins: string[] | undefined;
  /** Every question that reached the server, repeats included. */
  asked: Asked[] = [];
  /** Paths of all requests, in order. */
  requests: string[] = [];
  /** Headers of the same requests. */
  headers: IncomingMessage["headers"][] = [];
  /** Bodies of everything that was posted besides messages. */
  posted: { path: string; body: unknown }[] = [];
  /** Asks for proof of work before a message. */
  challenge: Challenge | undefined;
  /** Refuses the next requests for messages before any stream, each once. */
  refuse: { status: number; code: string; retryAfterMs?: number }[] = [];
  private readonly running = new Map<string, Running>();
  answer: (send: Send, asked: Asked, response: ServerResponse) => Promise<void> = (send) => streamAnswer(send);

  private readonly conversations = new Map<string, { visitor: string; messages: StoredMessage[] }>();
  private readonly server = createServer((request, response) => {
    this.handle(request, response).catch((error) => response.destroy(error));
  });

  constructor(private readonly widgetDir: string) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Puts a conversation there as if it had been held before. */
  store(conversationId: string, visitor: string, messages: StoredMessage[]): void {
    this.conversations.set(conversationId, { visitor, messages });
  }

  stored(conversationId: string): StoredMessage[] {
    return this.conversations.get(conversationId)?.messages ?? [];
  }

  /** As a process that died and came back: what is stored is there, what was being written is not. */
  restart(): void {
    this.cut();
    this.running.clear();
  }

  /** Cuts every connection that carries an answer. */
  cut(): void {
    for (const { listeners } of this.running.values()) for (const response of listeners) response.destroy();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.origin);
    this.requests.push(`${request.method} ${pathname}`);
    this.headers.push(request.headers);
    const origin = request.headers.origin ?? "";
    if (pathname.startsWith("/widget/")) return this.file(pathname, response);
    response.setHeader("access-control-allow-origin", origin || "*");
    response.setHeader("vary", "origin");
    if (request.method === "OPTIONS") {
      response.setHeader("access-control-allow-headers", ALLOWED_HEADERS);
      response.setHeader("access-control-allow-methods", "GET, POST, DELETE");
      response.writeHead(204).end();
      return;
    }
    const [, publicId, resource, id] = /^\/api\/widget\/v1\/agents\/([^/]+)\/(\w+)(?:\/(.+))?$/.exec(pathname) ?? [];
    if (this.allowedOrigins && !this.allowedOrigins.includes(origin))
      return refusal(response, 403, "origin_not_allowed");
    if (publicId !== AGENT && publicId !== OTHER_AGENT) return refusal(response, 404, "agent_unavailable");
    const visitor = String(request.headers["x-alonchat-visitor"] ?? "");
    if (resource === "config") return json(response, 200, this.config);
    if (resource === "visitor" && request.method === "DELETE") {
      for (const [key, conversation] of this.conversations) {
        if (conversation.visitor === visitor) this.conversations.delete(key);
      }
      return void response.writeHead(204).end();
    }
    if (resource === "conversations" && !id) {
      const mine = [...this.conversations].filter(([, conversation]) => conversation.visitor === visitor);
      const conversations = mine.map(([key, { messages }]) => ({
        id: key,
        title: messages[0]?.text ?? "",
        preview: messages.at(-1)?.text ?? "",
        lastMessageAt: messages.at(-1)?.createdAt,
      }));
      return json(response, 200, { conversations: conversations.reverse() });
    }
    if (resource === "conversations" && request.method === "POST") {
      const [conversation, part] = id!.split("/");
      if (this.conversations.get(conversation!)?.visitor !== visitor) return refusal(response, 404, "not_found");
      this.posted.push({ path: `conversations/${part}`, body: await bodyOf(request) });
      return void response.writeHead(204).end();
    }
    if (resource === "conversations") {
      const conversation = this.conversations.get(id ?? "");
      if (conversation?.visitor !== visitor) return refusal(response, 404, "not_found");
      const after = conversation.messages.findIndex((message) => message.id === searchParams.get("after"));
      return json(response, 200, { conversationId: id, messages: conversation.messages.slice(after + 1) });
    }
    if (resource === "answers" && request.method === "POST") {
      const [answerId, action] = id!.split("/");
      this.posted.push({ path: `answers/${action}`, body: await bodyOf(request) });
      if (action === "stop") {
        const running = [...this.running.values()].find((candidate) => candidate.id === answerId);
        if (running) running.stopped = true;
      }
      return void response.writeHead(204).end();
    }
    if (resource === "messages") return this.message(request, response, { visitor, origin });
    refusal(response, 404, "not_found");
  }

  private async message(request: IncomingMessage, response: ServerResponse, from: { visitor: string; origin: string }) {
    const asked: Asked = { ...((await bodyOf(request)) as Question), ...from };
    this.asked.push(asked);
    const refused = this.refuse.shift();
    if (refused) return refusal(response, refused.status, refused.code, refused.retryAfterMs);
    if (this.challenge && !this.proves(this.challenge, String(request.headers["x-alonchat-proof"]))) {
      const error = { code: "challenge_required", message: "Prove it." };
      return json(response, 403, { error, challenge: this.challenge });
    }

    const { conversationId, messageId, text, visitor } = asked;
    const conversation = this.conversations.get(conversationId) ?? { visitor, messages: [] };
    this.conversations.set(conversationId, conversation);
    if (conversation.visitor !== visitor) return refusal(response, 404, "not_found");
    const createdAt = new Date().toISOString();
    const { messages } = conversation;
    if (!messages.some(({ id }) => id === messageId)) {
      messages.push({ id: messageId, role: "visitor", text, status: "complete", createdAt, citations: [] });
    }
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" });
    const known = this.running.get(messageId);
    if (known) return this.attach(known, response, Number(request.headers["last-event-id"] ?? 0));

    const running: Running = { id: randomUUID(), events: [], listeners: new Set(), stopped: false };
    this.running.set(messageId, running);
    const answer: StoredMessage = { ...messages[0]!, id: running.id, role: "assistant", text: "", createdAt };
    const send: Send = async (...event) => {
      const [name, data] = event;
      running.events.push(event);
      if (name === "delta") answer.text += data.text;
      if (name === "citations") answer.citations = data.citations;
      if (name === "done") {
        answer.status = data.status;
        messages.push(answer);
      }
      const frame = frameOf(running.events.length, event);
      for (const listener of running.listeners) {
        if (!listener.destroyed) await new Promise<void>((resolve) => listener.write(frame, () => resolve()));
      }
    };
    this.attach(running, response, 0);
    await send("start", { conversationId, messageId, answerId: running.id });
    await this.answer(send, asked, response);
    for (const listener of running.listeners) listener.end();
  }

  /** Streams what followed an event, and from then on what is sent. */
  private attach(running: Running, response: ServerResponse, after: number): void {
    running.events.forEach((event, i) => {
      if (i >= after) response.write(frameOf(i + 1, event));
    });
    running.listeners.add(response);
    response.on("close", () => running.listeners.delete(response));
    if (running.events.at(-1)?.[0] === "done") response.end();
  }

  /** Whether the last answer that was asked for was stopped by its visitor. */
  get stopped(): boolean {
    return !!this.running.get(this.asked.at(-1)?.messageId ?? "")?.stopped;
  }

  private proves({ salt, difficultyBits, expiresAt, signature }: Challenge, proof: string): boolean {
    const [given, n, ...rest] = proof.split(".");
    const hash = createHash("sha256").update(`${salt}:${n}`).digest();
    const zeros = Math.clz32(hash.readUInt32BE(0));
    return given === salt && rest.join(".") === `${expiresAt}.${signature}` && zeros >= difficultyBits;
  }

  private async file(pathname: string, response: ServerResponse): Promise<void> {
    const content = await readFile(join(this.widgetDir, pathname.replace("/widget/", ""))).catch(() => undefined);
    if (!content) return void response.writeHead(404).end();
    // The widget is a module of another origin: without CORS a browser does not run it.
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("cross-origin-resource-policy", "cross-origin");
    response.setHeader("content-type", pathname.endsWith(".js") ? "text/javascript" : "application/json");
    response.end(content);
  }
}

const ALLOWED_HEADERS = [
  ...["content-type", "last-event-id", "x-alonchat-visitor", "x-alonchat-identity", "x-alonchat-user"],
  ...["x-alonchat-user-hash", "x-alonchat-proof"],
].join(", ");

const frameOf = (id: number, [name, data]: AnswerEvent): string =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refusal(response: ServerResponse, status: number, code: string, retryAfterMs?: number): void {
  if (retryAfterMs) response.setHeader("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  json(response, status, { error: { code, message: `refused: ${code}`, retryAfterMs }, requestId: randomUUID() });
}

const defaultConfig = (): AgentConfig => ({
  agentId: AGENT,
  name: "Northwind Outdoor",
  welcomeMessage: "Hi there. Ask me anything about orders, returns and our gear.",
  suggestedQuestions: ["How do I return a jacket?", "How long does delivery take?", "Which tent fits four people?"],
  placeholder: "Ask a question",
  accentColor: "#1d6b4f",
  language: "en",
  poweredBy: true,
});

export const CITATIONS: Citation[] = [
  {
    number: 1,
    url: "https://shop.northwind.test/help/returns",
    title: "Returns and exchanges",
    heading: "How to return an item",
    quote: "You have 30 days from delivery to return any item in its original condition.",
  },
  {
    number: 2,
    url: "https://shop.northwind.test/help/refunds",
    title: "Refunds: when and how you get your money back",
    heading: null,
    quote: "Refunds are paid to the original payment method within 5 working days.",
  },
];

export const ANSWER = `You can return any item within **30 days** of delivery, as long as it is in its original condition. [1]

1. Open [your orders](https://shop.northwind.test/orders) and choose *Return*.
2. Print the label and put it on the parcel.
3. Drop it off at any pickup point.

| Country | Cost |
|---|---|
| Germany | free |
| Austria | € 4.90 |

The refund is paid to your original payment method within 5 working days. [2]`;

/** Without the table, for which a module is fetched. */
export const PLAIN_ANSWER = ANSWER.replace(/\|.*\|\n\n/s, "");

/** Streams a text in pieces of a few characters, with its citations at the end. */
export async function streamAnswer(send: Send, text = ANSWER, citations = CITATIONS): Promise<void> {
  for (const piece of text.match(/.{1,7}/gs) ?? []) await send("delta", { text: piece });
  await send("citations", { citations });
  await send("done", { status: "complete", answerId: randomUUID() });
}
