import type { Message } from "../chat";
import { part } from "../part";
import { PIECE } from "../resume";

const PAUSE_MS = 30;

/** Of a long conversation what was before its end: added above piece by piece, so that nothing is held up. */
export default part({
  strings: {},
  mount({ chat, store, signal }) {
    return async (shown: readonly Message[]): Promise<void> => {
      const { conversation } = store.get();
      const first = shown.at(-PIECE)!;
      let from = shown.length - PIECE;
      while (from > 0) {
        // What is being asked goes first, and what failed waits for the visitor's word.
        const held = chat.running || chat.messages.some(({ error }) => error);
        await new Promise((resolve) => setTimeout(resolve, held ? 500 : PAUSE_MS));
        // Another conversation is shown, or this one anew.
        if (signal.aborted || store.get().conversation !== conversation || !chat.messages.includes(first)) return;
        if (chat.running || chat.messages.some(({ error }) => error)) continue;
        const to = from;
        from = Math.max(0, from - PIECE);
        chat.put([...shown.slice(from, to), ...chat.messages]);
      }
    };
  },
});
