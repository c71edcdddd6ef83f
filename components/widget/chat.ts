import { type Api, type ChatError, chatError } from "./api";
import type { Citation } from "./protocol";
import { randomHex, randomUuid, type Store } from "./store";

/** A message as it is shown. Changed in place; `onChange` tells which. */
export interface Message {
  id: string;
  role: "visitor" | "assistant";
  text: string;
  /** `waiting`: nothing came yet. All but the first two are final; `failed` may be retried. */
  status: "waiting" | "streaming" | "complete" | "no_answer" | "stopped" | "failed";
  /** Undefined until the answer's citations are known. */
  citations?: Citation[];
  /** Why it failed. */
  error?: ChatError;
}

export type Chat = ReturnType<typeof createChat>;

export const isRunning = (message?: Message): boolean => /waiting|streaming/.test(message?.status ?? "");

/**
 * One conversation, without a view: what was said, what is being said, what went wrong. At most one answer runs at a
 * time, and it is always the last message.
 * @param onChange called with the message that changed, or with nothing when the list did
 */
export function createChat(api: Api, store: Store, onChange: (message?: Message) => void) {
  let messages: Message[] = [];
  let running: AbortController | undefined;

  const run = async (question: Message) => {
    const message: Message = { id: randomUuid(), role: "assistant", text: "", status: "waiting" };
    const mine = new AbortController();
    const { id: messageId, text } = question;
    running = mine;
    messages = [...messages.slice(0, messages.indexOf(question)), question, message];
    onChange();
    try {
      await api.ask({ conversationId: store.get().conversation!, messageId, text }, mine.signal, ([name, data]) => {
        if (name === "start") message.id = data.answerId;
        if (name === "delta") {
          message.text += data.text;
          message.status = "streaming";
        }
        if (name === "citations") message.citations = data.citations;
        if (name === "done") message.status = data.status;
        if (isRunning(message)) onChange(message);
      });
    } catch (error) {
      if (mine.signal.aborted) {
        message.status = "stopped";
      } else {
        message.status = "failed";
        message.error = error as ChatError;
      }
    }
    if (running !== mine) return; // The visitor has left this conversation.
    running = undefined;
    onChange(message);
  };

  return {
    get messages(): readonly Message[] {
      return messages;
    },
    get busy(): boolean {
      return !!running;
    },

    /**
     * Loads the conversation this browser left off, if any. A question without its answer can be sent again.
     * @throws ChatError when the server cannot be reached
     */
    async restore(): Promise<void> {
      const { visitor, conversation } = store.get();
      if (!visitor || !conversation) return;
      messages = (await api.history(conversation)).filter(
        ({ role, status }) => role === "visitor" || /complete|no_answer|stopped/.test(status),
      ) as Message[];
      if (messages.at(-1)?.role === "visitor") {
        messages.push({ id: "", role: "assistant", text: "", status: "failed", error: chatError("network") });
      }
      onChange();
    },

    /** Resolves when the answer is complete or failed. Passed over while an answer runs. */
    async send(text: string): Promise<void> {
      text = text.trim();
      if (running || !text) return;
      // The first message is when a visitor becomes known, and not before.
      const { visitor = randomHex(), conversation = randomUuid() } = store.get();
      store.set({ visitor, conversation });
      const question: Message = { id: randomUuid(), role: "visitor", text, status: "complete" };
      messages = [...messages.filter(({ status }) => status !== "failed"), question];
      await run(question);
    },

    /** Sends the last question again under the same id: what did arrive is not stored twice. */
    async retry(): Promise<void> {
      const question = messages.at(-2);
      if (!running && question && messages.at(-1)!.error) await run(question);
    },

    stop(): void {
      running?.abort();
    },

    /** Leaves this conversation; the next message starts another. */
    startAnew(): void {
      running?.abort();
      running = undefined;
      messages = [];
      store.set({ conversation: undefined });
      onChange();
    },
  };
}
