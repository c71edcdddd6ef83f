import type { Message } from "../chat";
import { part } from "../part";

/** Another tab's question is let through first, so that ours joins its answer and does not race it. */
const OTHER_TAB_MS = 1000;

/** What happens to a conversation elsewhere: in another tab, by a person, by the visitor's choice of another one. */
export default part({
  strings: {},
  mount({ chat, store, read, restore, signal }) {
    /**
     * Asks for what was said since the last message that is shown: an operator writes when it pleases them.
     * @throws ChatError
     */
    const refresh = async (): Promise<void> => {
      if (chat.running || !store.get().conversation) return;
      const last = chat.messages.at(-1);
      const found = await read(last && `?after=${last.id}`);
      const fresh = (found?.messages ?? []) as Message[];
      chat.add(
        fresh.filter(({ id, status }) => status !== "streaming" && !chat.messages.some((known) => known.id === id)),
      );
    };

    /** Does what another tab did to the conversation. @throws ChatError */
    const follow = async (): Promise<void> => {
      const before = store.get().conversation;
      store.reload();
      if (chat.running) return;
      const { conversation, queue } = store.get();
      if (conversation === before && !queue?.[0]) return refresh();
      chat.put([]);
      await restore();
    };

    let stale = false;
    const followSeen = () => {
      if (document.hidden || !stale) return;
      stale = false;
      follow().catch(() => {});
    };
    document.addEventListener("visibilitychange", followSeen, { signal });

    /** Another tab wrote: followed when this one is seen. */
    const written = (): void => {
      stale = true;
      setTimeout(followSeen, OTHER_TAB_MS);
    };
    return Object.assign(written, {
      refresh,
      follow,

      /** Leaves this conversation for another of this visitor's. @throws ChatError */
      async open(conversation: string): Promise<void> {
        chat.put([]);
        store.set({ conversation, queue: [] });
        await restore();
      },
    });
  },
});
