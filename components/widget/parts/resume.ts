import { chatError } from "../api";
import { type Message, question } from "../chat";
import { part } from "../part";
import type { StoredConversation } from "../protocol";

const NOTHING: StoredConversation = { messages: [] };

/** So many messages are shown in one go: two hundred answers would hold the page up. */
const PIECE = 20;

const PAUSE_MS = 30;

/** Conversations that were begun before, or elsewhere: brings them back, and keeps in step with other tabs. */
export default part({
  strings: {},
  mount({ api, chat, store, emit, signal }) {
    let loaded = NOTHING;
    /** Counts what was shown, so that the rest of an earlier showing is not added to a later one. */
    let showing = 0;

    /** The end first, and what was before it piece by piece. */
    const show = async (shown: Message[], queue: Message[], now = true): Promise<void> => {
      const mine = ++showing;
      const { conversation } = store.get();
      let from = Math.max(0, shown.length - PIECE);
      chat.put(shown.slice(from), queue, now);
      while (from > 0) {
        // What is being asked goes first, and what failed waits for the visitor's word.
        const held = chat.running || chat.messages.some(({ error }) => error);
        await new Promise((resolve) => setTimeout(resolve, held ? 500 : PAUSE_MS));
        if (signal.aborted || mine !== showing || store.get().conversation !== conversation) return;
        if (chat.running || chat.messages.some(({ error }) => error)) continue;
        const end = from;
        from = Math.max(0, from - PIECE);
        chat.put([...shown.slice(from, end), ...chat.messages]);
      }
    };

    const read = async (after?: string): Promise<StoredConversation | undefined> => {
      const { conversation } = store.get();
      const found = await api
        .send<StoredConversation>(`conversations/${conversation}${after ? `?after=${after}` : ""}`)
        .catch((error) => {
          if (error.code === "not_found") return NOTHING;
          throw error;
        });
      // Meanwhile a question was asked, or the conversation left.
      if (chat.running || store.get().conversation !== conversation) return;
      loaded = found;
      emit("conversation", { state: "agent", ...found });
      return found;
    };

    /**
     * Shows the conversation that this browser left off, and goes on with what was under way. A question that nobody
     * is answering can be sent again.
     * @throws ChatError when the server cannot be reached
     */
    const restore = async (): Promise<void> => {
      const { visitor, conversation, queue: waiting = [] } = store.get();
      if (chat.running || !visitor || !conversation) return;
      const found = await read();
      if (!found) return;
      const stored = found.messages as Message[];
      const shown = stored.filter(
        ({ role, status }) => role !== "assistant" || /complete|no_answer|stopped/.test(status),
      );
      for (const { id, text } of waiting) {
        if (!stored.some((message) => message.id === id)) shown.push(question(id, text));
      }
      const unanswered = shown.filter(
        ({ role }, i) => role === "visitor" && (shown[i + 1] ?? shown[i])!.role === "visitor",
      );
      const queue = unanswered.filter((message) => waiting.some(({ id }) => id === message.id));
      const last = shown.at(-1);
      if (queue[0] || last?.role !== "visitor" || (found.state ?? "agent") !== "agent") return void show(shown, queue);
      // Another browser of this visitor may be having it answered.
      if (stored.at(-1)!.status === "streaming") return void show(shown, [last]);
      const error = chatError("network");
      show([...shown, { ...question("", ""), role: "assistant", status: "failed", error }], [last], false);
    };

    /**
     * Asks for what was said since the last message that is shown: an operator writes when it pleases them.
     * @throws ChatError
     */
    const refresh = async (): Promise<void> => {
      if (chat.running || !store.get().conversation) return;
      const found = await read(chat.messages.at(-1)?.id);
      const fresh = (found?.messages ?? []) as Message[];
      chat.add(
        fresh.filter(({ id, status }) => status !== "streaming" && !chat.messages.some((known) => known.id === id)),
      );
    };

    return {
      restore,
      refresh,
      /** The conversation as the server last gave it. */
      get loaded(): StoredConversation {
        return loaded;
      },

      /** Leaves this conversation for another of this visitor's. @throws ChatError */
      async open(conversation: string): Promise<void> {
        showing++;
        chat.put([]);
        store.set({ conversation, queue: [] });
        await restore();
      },

      /** Does what another tab did to the conversation. @throws ChatError */
      async follow(): Promise<void> {
        const before = store.get().conversation;
        store.reload();
        if (chat.running) return;
        const { conversation, queue } = store.get();
        if (conversation === before && !queue?.[0]) return refresh();
        chat.put([]);
        await restore();
      },
    };
  },
});
