import type { Api } from "./api";
import type { Chat, Message } from "./chat";
import type { Use } from "./parts";
import type { StoredConversation } from "./protocol";
import type { Store } from "./store";

/** So many messages are shown in one go: two hundred answers would hold the page up. */
export const PIECE = 10;

/**
 * Brings back the conversation that was begun before, or elsewhere.
 * @param onRead gets the conversation whenever the server gave it
 */
export function createResume(
  api: Api,
  chat: Chat,
  store: Store,
  onRead: (conversation: StoredConversation) => void,
  use: Use,
) {
  /**
   * @param query `?after=<id>`: of what came after this message alone
   * @returns undefined when meanwhile a question was asked, or the conversation left
   * @throws ChatError
   */
  const read = async (query = ""): Promise<StoredConversation | undefined> => {
    const { conversation } = store.get();
    const found = await api
      .send<StoredConversation>(`conversations/${conversation}${query}`)
      .catch((error): StoredConversation => {
        if (error.code === "not_found") return { messages: [] };
        throw error;
      });
    if (chat.running || store.get().conversation !== conversation) return;
    onRead(found);
    return found;
  };

  /**
   * Shows the conversation that this browser left off, its end first, and what was before that piece by piece.
   * @throws ChatError when the server cannot be reached
   */
  const restore = async (): Promise<void> => {
    const { conversation, queue } = store.get();
    const found = !chat.running && conversation && (await read());
    if (!found) return;
    const shown = (found.messages as Message[]).filter(
      ({ role, status }) => role !== "assistant" || !/streaming|failed/.test(status),
    );
    chat.put(shown.slice(-PIECE));
    if (queue?.[0] || shown.at(-1)?.role === "visitor") await use("unanswered", found);
    if (shown[PIECE]) use("earlier", shown);
  };

  return { read, restore };
}
