import { expect, test } from "vitest";
import { type Api, chatError } from "./api";
import { createChat, isRunning, type Message } from "./chat";
import type { AnswerEvent, Question, StoredMessage } from "./protocol";
import type { Remembered, Store } from "./store";

type Ask = (onEvent: (event: AnswerEvent) => void, signal: AbortSignal, question: Question) => Promise<void>;

function memoryStore(initial: Remembered = {}): Store {
  let value = initial;
  return {
    get: () => value,
    set(change) {
      value = { ...value, ...change };
    },
  };
}

/** A chat whose server answers the first question with the first function, and so on. */
function setUp({
  answers = [],
  store = memoryStore(),
  history,
}: {
  answers?: Ask[];
  store?: Store;
  history?: Api["history"];
}) {
  const asked: Question[] = [];
  const changes: (Message | undefined)[] = [];
  const api: Api = {
    config: () => Promise.reject(chatError("internal")),
    history: history ?? (() => Promise.resolve([])),
    async ask(question, signal, onEvent) {
      asked.push(question);
      await answers.shift()?.(onEvent, signal, question);
    },
  };
  return { chat: createChat(api, store, (message) => changes.push(message)), asked, changes, store };
}

const complete: Ask = async (onEvent) => {
  onEvent(["start", { conversationId: "c", messageId: "m", answerId: "a1" }]);
  onEvent(["delta", { text: "Within " }]);
  onEvent(["delta", { text: "30 days [1]" }]);
  onEvent(["citations", { citations: [{ number: 1, url: "https://x.test/", title: "X" }] }]);
  onEvent(["done", { status: "complete", answerId: "a1" }]);
};
const fail =
  (code: string, retryAfterMs?: number, ...events: AnswerEvent[]): Ask =>
  async (onEvent) => {
    for (const event of events) onEvent(event);
    throw chatError(code, retryAfterMs);
  };
const untilAborted: Ask = (onEvent, signal) => {
  onEvent(["delta", { text: "half" }]);
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
};

test("an answer grows, gets its citations, and is complete", async () => {
  const { chat } = setUp({ answers: [complete] });
  const sent = chat.send(" How? ");
  expect(chat.messages.map(({ role, text, status }) => [role, text, status])).toEqual([
    ["visitor", "How?", "complete"],
    ["assistant", "Within 30 days [1]", "complete"],
  ]);
  expect(chat.busy).toBe(true);
  await sent;
  expect(chat.busy).toBe(false);
  expect(chat.messages[1]).toMatchObject({ id: "a1", citations: [{ number: 1 }] });
});

test("the visitor becomes known with the first question and not before", async () => {
  const { chat, store, asked } = setUp({ answers: [complete, complete] });
  await chat.restore();
  await chat.send("  ");
  expect(store.get()).toEqual({});
  await chat.send("one");
  const { visitor, conversation } = store.get();
  expect(visitor).toMatch(/^[0-9a-f]{32}$/);
  expect(conversation).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  await chat.send("two");
  expect(store.get()).toMatchObject({ visitor, conversation });
  expect(asked.map(({ conversationId }) => conversationId)).toEqual([conversation, conversation]);
  expect(asked[0]!.messageId).not.toBe(asked[1]!.messageId);
});

test("a question during an answer is passed over", async () => {
  const { chat, asked } = setUp({ answers: [untilAborted] });
  const first = chat.send("one");
  await chat.send("two");
  expect(asked).toHaveLength(1);
  chat.stop();
  await first;
});

test("stopping keeps what was written", async () => {
  const { chat } = setUp({ answers: [untilAborted] });
  const sent = chat.send("one");
  chat.stop();
  await sent;
  expect(chat.messages[1]).toMatchObject({ status: "stopped", text: "half" });
  expect(chat.messages[1]!.error).toBeUndefined();
});

test("a retry repeats the question under its id and shows the answer once", async () => {
  const half: AnswerEvent = ["delta", { text: "Within" }];
  const { chat, asked } = setUp({ answers: [fail("network", 0, half), complete] });
  await chat.send("How?");
  expect(chat.messages[1]).toMatchObject({ status: "failed", text: "Within", error: { code: "network" } });
  await chat.retry();
  expect(asked[1]).toEqual(asked[0]);
  expect(chat.messages.map(({ text }) => text)).toEqual(["How?", "Within 30 days [1]"]);
});

test("without a failure there is nothing to retry", async () => {
  const { chat, asked } = setUp({ answers: [complete] });
  await chat.retry();
  await chat.send("How?");
  await chat.retry();
  expect(asked).toHaveLength(1);
});

test("another question after a failure takes the failure's place", async () => {
  const { chat } = setUp({ answers: [fail("internal"), complete] });
  await chat.send("one");
  await chat.send("two");
  expect(chat.messages.map(({ text }) => text)).toEqual(["one", "two", "Within 30 days [1]"]);
});

test("a refusal with a time to wait says until when", async () => {
  const { chat } = setUp({ answers: [fail("rate_limited", 60_000)] });
  const before = Date.now();
  await chat.send("one");
  expect(chat.messages[1]!.error!.retryAt).toBeGreaterThanOrEqual(before + 60_000);
});

test("an answer of a conversation that was left does not come back", async () => {
  const { chat, changes, store } = setUp({ answers: [untilAborted, complete] });
  const left = chat.send("one");
  const { conversation } = store.get();
  chat.startAnew();
  await left;
  expect(chat.messages).toEqual([]);
  expect(chat.busy).toBe(false);
  expect(changes.at(-1)).toBeUndefined();
  await chat.send("two");
  expect(store.get().conversation).not.toBe(conversation);
  expect(chat.messages).toHaveLength(2);
});

test("a change is reported for what grew, or for the list", async () => {
  const { chat, changes } = setUp({ answers: [complete] });
  await chat.send("How?");
  expect(changes[0]).toBeUndefined();
  expect(changes.slice(1).every((message) => message === chat.messages[1])).toBe(true);
});

const stored = (role: "visitor" | "assistant", text: string, status = "complete"): StoredMessage => ({
  id: text,
  role,
  text,
  status,
  createdAt: "2026-01-01T00:00:00Z",
  citations: [],
});
const known = () => memoryStore({ visitor: "a".repeat(32), conversation: "c1" });

test("a conversation comes back as it was", async () => {
  const history = async () => [stored("visitor", "q"), stored("assistant", "a", "stopped")];
  const { chat } = setUp({ store: known(), history });
  await chat.restore();
  expect(chat.messages.map(({ text, status }) => [text, status])).toEqual([
    ["q", "complete"],
    ["a", "stopped"],
  ]);
});

test.each(["streaming", "failed", "pending"])(
  "a question whose answer is %s on the server can be sent again",
  async (status) => {
    const history = async () => [stored("visitor", "q"), stored("assistant", "half", status)];
    const { chat, asked } = setUp({ store: known(), history, answers: [complete] });
    await chat.restore();
    expect(chat.messages.at(-1)).toMatchObject({ role: "assistant", status: "failed", text: "" });
    await chat.retry();
    expect(asked).toEqual([{ conversationId: "c1", messageId: "q", text: "q" }]);
    expect(chat.messages.map(({ text }) => text)).toEqual(["q", "Within 30 days [1]"]);
  },
);

test("without a conversation nothing is asked for; a server that is away is an error", async () => {
  const unreachable = () => Promise.reject(chatError("network"));
  await setUp({ history: unreachable }).chat.restore();
  await expect(setUp({ store: known(), history: unreachable }).chat.restore()).rejects.toMatchObject({
    code: "network",
  });
});

test("only answers that wait or grow are running", () => {
  const statuses = ["waiting", "streaming", "complete", "no_answer", "stopped", "failed"] as const;
  expect(statuses.filter((status) => isRunning({ id: "", role: "assistant", text: "", status }))).toEqual([
    "waiting",
    "streaming",
  ]);
  expect(isRunning(undefined)).toBe(false);
});
