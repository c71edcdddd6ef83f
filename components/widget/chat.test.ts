import { expect, test, vi } from "vitest";
import { type Api, chatError } from "./api";
import { createChat, isRunning, type Message } from "./chat";
import type { PartContext } from "./part";
import earlierPart from "./parts/earlier";
import syncPart from "./parts/sync";
import unansweredPart from "./parts/unanswered";
import type { AnswerEvent, Question, StoredConversation, StoredMessage } from "./protocol";
import { createResume } from "./resume";
import type { Remembered, Store } from "./store";

type Ask = (onEvent: (event: AnswerEvent, id?: string) => void, signal: AbortSignal, after?: string) => Promise<void>;

function memoryStore(initial: Remembered = {}): Store {
  let value = initial;
  return {
    get: () => value,
    set(change) {
      value = { ...value, ...change };
    },
    reload() {},
  };
}

/** A chat whose server answers the first question with the first function, and so on. */
function setUp({
  answers = [],
  store = memoryStore(),
  history = [],
}: {
  answers?: Ask[];
  store?: Store;
  history?: StoredMessage[] | Error;
}) {
  const asked: Question[] = [];
  /** Every other request. */
  const sent: string[] = [];
  const changes: (Message | undefined)[] = [];
  const api: Api = {
    config: () => Promise.reject(chatError("internal")),
    async send<Reply>(path: string) {
      sent.push(path);
      if (history instanceof Error) throw history;
      return { messages: history } satisfies StoredConversation as Reply;
    },
    async ask(question, signal, onEvent, after) {
      asked.push(question);
      await answers.shift()?.((event, id = "") => onEvent(event, id), signal, after);
    },
  };
  const chat = createChat(api, store, (message) => changes.push(message));
  const { signal } = new AbortController();
  const { read, restore } = createResume(
    api,
    chat,
    store,
    () => {},
    async (name, ...args) => {
      if (name === "earlier") void earlierPart.mount(context)(args[0] as Message[]);
      else unansweredPart.mount(context)(args[0] as StoredConversation);
    },
  );
  const context = { chat, store, read, restore, signal } as unknown as PartContext<object>;
  vi.stubGlobal("document", new EventTarget());
  const resume = { restore, ...syncPart.mount(context) };
  return { chat, resume, asked, sent, changes, store };
}

const complete: Ask = async (onEvent) => {
  onEvent(["start", { conversationId: "c", messageId: "m", answerId: "a1" }]);
  onEvent(["delta", { text: "Within " }]);
  onEvent(["delta", { text: "30 days [1]" }]);
  onEvent(["citations", { citations: [{ number: 1, url: "https://x.test/", title: "X" }] }]);
  onEvent(["done", { status: "complete", answerId: "a1" }]);
};
const start: AnswerEvent = ["start", { conversationId: "c", messageId: "m", answerId: "a1" }];
const fail =
  (code: string, retryAfterMs?: number, ...events: AnswerEvent[]): Ask =>
  async (onEvent) => {
    events.forEach((event, i) => {
      onEvent(event, `${i + 1}`);
    });
    throw chatError(code, { retryAfterMs });
  };
const untilAborted: Ask = (onEvent, signal) => {
  onEvent(start);
  onEvent(["delta", { text: "half" }]);
  if (signal.aborted) return Promise.reject(signal.reason);
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

test("stopping keeps what was written, and tells the server which answer", async () => {
  const { chat, sent } = setUp({ answers: [untilAborted] });
  const asking = chat.send("one");
  chat.stop();
  await asking;
  expect(chat.messages[1]).toMatchObject({ status: "stopped", text: "half" });
  expect(chat.messages[1]!.error).toBeUndefined();
  expect(sent).toEqual(["answers/a1/stop"]);
});

test("what is stopped before it has begun is stopped as soon as it has", async () => {
  let begin = () => {};
  const { chat, sent } = setUp({
    answers: [
      async (onEvent, signal) => {
        await new Promise<void>((resolve) => {
          begin = resolve;
        });
        await untilAborted(onEvent, signal);
      },
    ],
  });
  const asking = chat.send("one");
  chat.stop();
  expect(sent).toEqual([]);
  begin();
  await asking;
  expect(chat.messages[1]!.status).toBe("stopped");
  expect(sent).toEqual(["answers/a1/stop"]);
});

test("a cut answer goes on at the event after the last, under the same id, without losing or repeating text", async () => {
  const seen: (string | undefined)[] = [];
  const { chat, asked } = setUp({
    answers: [
      fail("network", 0, start, ["delta", { text: "Within " }]),
      async (onEvent, _, after) => {
        seen.push(after);
        onEvent(["delta", { text: "30 days" }], "3");
        onEvent(["done", { status: "complete", answerId: "a1" }], "4");
      },
    ],
  });
  const asking = chat.send("How?");
  await expect.poll(() => chat.messages[1]!.error?.code).toBe("network");
  expect(chat.messages[1]).toMatchObject({ status: "streaming", text: "Within " });
  expect(chat.busy).toBe(false);
  chat.wake();
  await asking;
  expect(seen).toEqual(["2"]);
  expect(asked[1]).toEqual(asked[0]);
  expect(chat.messages).toMatchObject([{ text: "How?" }, { text: "Within 30 days", status: "complete" }]);
  expect(chat.messages[1]!.error).toBeUndefined();
});

test("an answer that is begun anew replaces what there was of it", async () => {
  const { chat } = setUp({ answers: [fail("network", 0, start, ["delta", { text: "Lost" }]), complete] });
  const asking = chat.send("How?");
  await expect.poll(() => chat.messages[1]!.error?.code).toBe("network");
  chat.wake();
  await asking;
  expect(chat.messages.map(({ text }) => text)).toEqual(["How?", "Within 30 days [1]"]);
});

test("what is asked while the connection is lost waits its turn, is remembered meanwhile, and is answered in order", async () => {
  const { chat, store, asked } = setUp({ answers: [fail("offline"), complete, complete] });
  const first = chat.send("one");
  await expect.poll(() => chat.messages[1]!.error?.code).toBe("offline");
  await chat.send("two");
  expect(store.get().queue).toMatchObject([{ text: "one" }, { text: "two" }]);
  expect(asked).toHaveLength(1);
  chat.wake();
  await first;
  await expect
    .poll(() => chat.messages.map(({ role }) => role))
    .toEqual(["visitor", "assistant", "visitor", "assistant"]);
  expect(asked.map(({ text }) => text)).toEqual(["one", "one", "two"]);
  expect(store.get().queue).toEqual([]);
});

test("a refusal is not tried again by itself, and what waits behind it waits on", async () => {
  const { chat, asked, store } = setUp({ answers: [fail("offline"), fail("rate_limited", 50), complete, complete] });
  const first = chat.send("one");
  await expect.poll(() => chat.messages[1]!.error?.code).toBe("offline");
  await chat.send("two");
  chat.wake();
  await first;
  expect(asked).toHaveLength(2);
  expect(store.get().queue).toEqual([]);
  await chat.retry();
  expect(asked.map(({ text }) => text)).toEqual(["one", "one", "one", "two"]);
});

test("where a person has taken over, an answer without words is not shown", async () => {
  const { chat } = setUp({
    answers: [
      async (onEvent) => {
        onEvent(start);
        onEvent(["done", { status: "operator", answerId: "a1" }]);
      },
    ],
  });
  await chat.send("one");
  expect(chat.messages.map(({ role }) => role)).toEqual(["visitor"]);
});

test("a retry repeats the question under its id and shows the answer once", async () => {
  const half: AnswerEvent = ["delta", { text: "Within" }];
  const { chat, asked } = setUp({ answers: [fail("upstream_busy", 0, start, half), complete] });
  await chat.send("How?");
  expect(chat.messages[1]).toMatchObject({ status: "failed", text: "Within", error: { code: "upstream_busy" } });
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
  const before = performance.now();
  await chat.send("one");
  expect(chat.messages[1]!.error!.retryAt).toBeGreaterThanOrEqual(before + 60_000);
});

test("an answer of a conversation that was left does not come back", async () => {
  const { chat, changes, store } = setUp({ answers: [untilAborted, complete] });
  const left = chat.send("one");
  const { conversation } = store.get();
  store.set({ conversation: undefined });
  chat.put([]);
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
  // The question is there, was sent; its answer is there, and grows.
  expect(changes.slice(0, 3)).toEqual([undefined, chat.messages[0], undefined]);
  expect(changes.slice(3).every((message) => message === chat.messages[1])).toBe(true);
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
  const history = [stored("visitor", "q"), stored("assistant", "a", "stopped")];
  const { chat, resume, sent } = setUp({ store: known(), history });
  await resume.restore();
  expect(sent).toEqual(["conversations/c1"]);
  expect(chat.messages.map(({ text, status }) => [text, status])).toEqual([
    ["q", "complete"],
    ["a", "stopped"],
  ]);
});

test("a question whose answer failed on the server can be sent again", async () => {
  const history = [stored("visitor", "q"), stored("assistant", "half", "failed")];
  const { chat, resume, asked } = setUp({ store: known(), history, answers: [complete] });
  await resume.restore();
  expect(chat.messages.at(-1)).toMatchObject({ role: "assistant", status: "failed", text: "" });
  expect(asked).toEqual([]);
  await chat.retry();
  expect(asked).toEqual([{ conversationId: "c1", messageId: "q", text: "q" }]);
  expect(chat.messages.map(({ text }) => text)).toEqual(["q", "Within 30 days [1]"]);
});

test("an answer that is being written, or questions that were never answered, go on by themselves", async () => {
  const writing = [stored("visitor", "q"), stored("assistant", "half", "streaming")];
  const one = setUp({ store: known(), history: writing, answers: [complete] });
  await one.resume.restore();
  await expect.poll(() => one.chat.messages.map(({ text }) => text)).toEqual(["q", "Within 30 days [1]"]);

  const store = known();
  const two = [
    { id: "q", text: "q" },
    { id: "never sent", text: "and?" },
  ];
  store.set({ queue: two });
  const lost = setUp({ store, history: [stored("visitor", "q")], answers: [complete, complete] });
  await lost.resume.restore();
  await expect
    .poll(() => lost.chat.messages.map(({ role }) => role))
    .toEqual(["visitor", "assistant", "visitor", "assistant"]);
  expect(lost.asked.map(({ messageId }) => messageId)).toEqual(["q", "never sent"]);
});

test("of a long conversation the end is shown first, then the rest before it, and what is asked meanwhile stays last", async () => {
  const history = Array.from({ length: 90 }, (_, i) => stored(i % 2 ? "assistant" : "visitor", `${i}`));
  const { chat, resume } = setUp({ store: known(), history, answers: [complete] });
  await resume.restore();
  expect(chat.messages.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, i) => `${80 + i}`));
  await chat.send("and?");
  await expect.poll(() => chat.messages.length).toBe(92);
  expect(chat.messages.slice(0, 90).map(({ text }) => text)).toEqual(history.map(({ text }) => text));
  expect(chat.messages.slice(90).map(({ text }) => text)).toEqual(["and?", "Within 30 days [1]"]);
});

test("the rest of a conversation that was left is not added to the next", async () => {
  const history = Array.from({ length: 60 }, (_, i) => stored(i % 2 ? "assistant" : "visitor", `${i}`));
  const { chat, resume } = setUp({ store: known(), history });
  await resume.restore();
  await resume.open("c2");
  await expect.poll(() => chat.messages.length).toBe(60);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(chat.messages.map(({ text }) => text)).toEqual(history.map(({ text }) => text));
});

test("what was said meanwhile comes after what is shown, once", async () => {
  const history: StoredMessage[] = [stored("visitor", "q"), stored("assistant", "a")];
  const { chat, resume, sent, changes } = setUp({ store: known(), history });
  await resume.restore();
  history.push({ ...stored("visitor", "x"), id: "op", role: "operator", author: "Ada", text: "Hello" });
  changes.splice(0);
  await resume.refresh();
  await resume.refresh();
  expect(sent).toEqual(["conversations/c1", "conversations/c1?after=a", "conversations/c1?after=op"]);
  expect(chat.messages.map(({ role }) => role)).toEqual(["visitor", "assistant", "operator"]);
  expect(changes).toEqual([undefined, chat.messages[2]]);
});

test("a conversation that the server does not know is an empty one; a server that is away is an error", async () => {
  const gone = setUp({ store: known(), history: chatError("not_found") });
  await gone.resume.restore();
  expect(gone.chat.messages).toEqual([]);
  const away = setUp({ store: known(), history: chatError("network") });
  await expect(away.resume.restore()).rejects.toMatchObject({ code: "network" });
  const nothing = setUp({ history: chatError("network") });
  await nothing.resume.restore();
  expect(nothing.sent).toEqual([]);
});

test("only answers that wait or grow are running", () => {
  const statuses = ["waiting", "streaming", "complete", "no_answer", "stopped", "failed"] as const;
  expect(
    statuses.filter((status) => isRunning({ id: "", role: "assistant", text: "", createdAt: "", status })),
  ).toEqual(["waiting", "streaming"]);
  expect(isRunning(undefined)).toBe(false);
});
