import { chatError } from "../api";
import { type Message, question } from "../chat";
import { part } from "../part";
import type { StoredConversation } from "../protocol";

/** Of a conversation that came back: goes on with what was under way, and offers to send again what nobody answers. */
export default part({
  strings: {},
  mount({ chat, store }) {
    /** @param found whose messages are shown */
    return ({ messages, state = "agent" }: StoredConversation): void => {
      // Meanwhile the visitor asked something else.
      if (chat.running) return;
      const { queue: waiting = [] } = store.get();
      const shown: Message[] = [...chat.messages];
      for (const { id, text } of waiting) {
        if (!messages.some((message) => message.id === id)) shown.push(question(id, text));
      }
      const queue = shown.filter(
        ({ id, role }, i) =>
          role === "visitor" && (shown[i + 1]?.role ?? role) === role && waiting.some((asked) => asked.id === id),
      );
      const last = shown.at(-1);
      if (queue[0] || last?.role !== "visitor" || state !== "agent") chat.put(shown, queue);
      // Another browser of this visitor may be having it answered.
      else if (messages.at(-1)!.status === "streaming") chat.put(shown, [last]);
      else {
        const error = chatError("network");
        chat.put([...shown, { ...question("", ""), role: "assistant", status: "failed", error }], [last], false);
      }
    };
  },
});
