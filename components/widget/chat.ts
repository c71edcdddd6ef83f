import type { Api, ChatError } from "./api";
import type { Check, Citation, Rating } from "./protocol";
import { randomKey, randomUuid, type Store } from "./store";

/** A message as it is shown. Changed in place; `onChange` tells which. */
export interface Message {
  /** Of an answer: empty until the server has given it one. */
  id: string;
  role: "visitor" | "assistant" | "operator";
  text: string;
  /** `waiting`: nothing came yet. All but the first two are final; `failed` may be retried. */
  status: "waiting" | "streaming" | "complete" | "no_answer" | "stopped" | "failed" | "operator";
  /** ISO 8601. */
  createdAt: string;
  /** Undefined until the answer's citations are known. */
  citations?: Citation[];
  /** What the answer says and its sources do not. */
  checks?: Check[];
  rating?: Rating | null;
  /** Of an operator. */
  author?: string | null;
  /** Why it failed; while it is running, why nothing comes at the moment. */
  error?: ChatError;
}

export type Chat = ReturnType<typeof createChat>;

export const isRunning = (message?: Message): boolean => /waiting|streaming/.test(message?.status ?? "");

/** A visitor's message, but for what it says. */
export const question = (id: string, text: string): Message => ({
  id,
  role: "visitor",
  text,
  status: "complete",
  createdAt: new Date().toISOString(),
});

/** So many times in a row a lost connection is tried again without anybody asking: half a minute. */
const MAX_ATTEMPTS = 7;

/**
 * One conversation, without a view: what was said, what is being said, what waits, what went wrong. Questions are
 * answered one after the other; only while the connection is lost may another be sent before.
 * @param onChange called with the message that changed, or with nothing when the list did
 */
export function createChat(api: Api, store: Store, onChange: (message?: Message) => void) {
  let messages: Message[] = [];
  /** Questions without an answer, oldest first. */
  let queue: Message[] = [];
  let running: AbortController | undefined;
  /** The answer that runs, or ran last. */
  let current: Message | undefined;
  /** The visitor wants the answer stopped that has no id yet. */
  let stopping = false;
  let wake = () => {};

  /** Those that are to be sent by themselves, also after a reload. */
  const remember = () => store.set({ queue: queue.map(({ id, text }) => ({ id, text })) });

  const answer = async (asked: Message) => {
    const at = messages.indexOf(asked) + 1;
    const mine = new AbortController();
    const message: Message = { ...question("", ""), role: "assistant", status: "waiting" };
    let last: string | undefined;
    stopping = false;
    running = mine;
    current = message;
    messages.splice(at, messages[at]?.error ? 1 : 0, message);
    onChange();
    for (let attempt = 0; isRunning(message); ) {
      try {
        await api.ask(
          { conversationId: store.get().conversation!, messageId: asked.id, text: asked.text },
          mine.signal,
          ([name, data], id) => {
            attempt = 0;
            message.error = undefined;
            last = id || last;
            if (name === "start") {
              // An answer that is begun anew replaces what was there of it.
              message.id = data.answerId;
              message.text = "";
              message.citations = message.checks = undefined;
              if (stopping) stop();
            } else if (name === "delta") {
              message.text += data.text;
              message.status = "streaming";
            } else Object.assign(message, data); // citations, checks, the status of the end
            if (isRunning(message)) onChange(message);
          },
          last,
        );
      } catch (thrown) {
        const error = thrown as ChatError;
        message.error = error;
        if (/^(network|offline)$/.test(error.code) && attempt < MAX_ATTEMPTS && !mine.signal.aborted) {
          // An outage: the same request may go through a moment later.
          onChange(message);
          // Nobody is counted out while the browser itself knows that there is no network.
          await pause(error.code === "offline" ? 5 : attempt++, mine.signal);
        } else {
          message.status = "failed";
        }
        if (mine.signal.aborted) {
          message.error = undefined;
          message.status = "stopped";
        }
      }
    }
    if (running !== mine) return; // The visitor has left this conversation.
    running = undefined;
    // Nothing is said while a person has taken over.
    if (message.status !== "operator") return onChange(message);
    messages = messages.filter((other) => other !== message);
    onChange();
  };

  /** About half a second, twice as long with each attempt, not for all clients the same; or until something wakes us. */
  const pause = (attempt: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, 400 * 2 ** attempt * (1 + Math.random()));
      signal.onabort = () => resolve();
    });

  const answerAll = async () => {
    while (queue[0] && !running) {
      const asked = queue[0];
      await answer(asked);
      if (queue[0] !== asked) return;
      if (current!.status === "failed") {
        // It waits for the visitor's word, and so do those behind it.
        store.set({ queue: [] });
        return;
      }
      queue.shift();
      remember();
    }
  };

  /** Ends the answer that runs, for good; closing the connection alone would leave it to be fetched later. */
  const stop = () => {
    // Before it has begun nobody could say which; while the connection is lost nobody would hear it.
    stopping = !current?.id && !current?.error;
    if (!running || stopping) return;
    if (!current!.error) api.send(`answers/${current!.id}/stop`, {}).catch(() => {});
    running.abort();
  };

  const leave = () => {
    running?.abort();
    running = undefined;
    messages = [];
    queue = [];
  };

  return {
    get messages(): readonly Message[] {
      return messages;
    },
    /** An answer is on its way, and nothing else may be asked. */
    get busy(): boolean {
      return !!running && !current!.error;
    },
    /** An answer is on its way, or its connection is being tried again. */
    get running(): boolean {
      return !!running;
    },
    stop,
    leave,

    /** Resolves when the answer is complete or failed. Passed over while an answer runs. */
    async send(text: string): Promise<void> {
      text = text.trim();
      if (!text || (running && !current!.error)) return;
      if (!running) {
        messages = messages.filter(({ status }) => status !== "failed");
        queue = [];
      }
      const asked = question(randomUuid(), text);
      messages.push(asked);
      queue.push(asked);
      // The first message is when a visitor becomes known, and not before.
      const { visitor = randomKey(), conversation = randomUuid() } = store.get();
      store.set({ visitor, conversation });
      remember();
      onChange();
      onChange(asked);
      await answerAll();
    },

    /** Sends the question that failed again under the same id: what did arrive is not stored twice. */
    async retry(): Promise<void> {
      remember();
      await answerAll();
    },

    /** The connection may be back: what waits for it is tried at once. */
    wake: () => wake(),

    /**
     * Shows other messages, and goes on with those questions of them that have no answer.
     * @param now false leaves that to the visitor's word
     */
    put(shown: Message[], unanswered: Message[] = [], now = true): void {
      leave();
      messages = shown;
      queue = unanswered;
      onChange();
      if (now) answerAll();
    },

    /** Shows messages that came from elsewhere after those that are shown. */
    add(fresh: Message[]): void {
      if (!fresh[0]) return;
      messages.push(...fresh);
      onChange();
      fresh.forEach(onChange);
    },
  };
}
