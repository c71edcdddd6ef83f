import { link, numbered } from "../answer";
import { isRunning, type Message } from "../chat";
import { h, setIcon, textButton } from "../dom";
import { safeUrl } from "../markdown";
import type { AnswerRow } from "../messages";
import { part } from "../part";
import type { Citation, Rating } from "../protocol";
import css from "./session.css?inline";

const ignore = () => {};

const HISTORY = "M3 3v6h6M3 9a9 9 0 1 1 0 6M12 7v5l4 2";
const COMPOSE = "M12 3H4v17h17v-8M19 2l3 3-10 10-4 1 1-4Z";
const THUMB = "M7 10v11H3V10ZM7 10l5-8q3 1 2 7h7l-2 12H7";

/** Another tab's question is let through first, so that ours joins its answer and does not race it. */
const OTHER_TAB_MS = 1000;

/** The list under an answer: where each citation leads. */
export function sourceList(title: string, citations: Citation[] = []): HTMLElement[] {
  const items = citations.flatMap(({ number, url, title: name, heading }) => {
    if (url !== null && !safeUrl(url)) return [];
    const from = [url && new URL(url).host, heading].filter(Boolean).join(" · ");
    const label = h("span", "", h("b", { dir: "auto" }, name || url || ""), h("small", "", from));
    const parts = [numbered(h("span"), number), label];
    return h("li", "", url ? link(url, ...parts) : h("div", "", ...parts));
  });
  return items[0] ? [h("div", "sources", h("h3", "", title), h("ul", "", ...items))] : [];
}

/**
 * What a conversation needs once it was begun: under each complete answer its sources, and the ways to copy and judge
 * it; in the header the ways to others; and being in step with other tabs. Fetched while the first answer is written.
 */
export default part({
  css,
  strings: {
    anew: "New conversation",
    history: "Earlier conversations",
    sources: "Sources",
    copy: "Copy",
    copied: "Copied",
    up: "Good answer",
    down: "Bad answer",
  },
  mount({ boot, api, chat, store, panel, strings, words, load, announce, signal }) {
    const startAnew = () => {
      store.set({ conversation: undefined, queue: [] });
      chat.put([]);
      panel.querySelector("textarea")!.focus();
    };
    const showHistory = async () => {
      const toggle = (await load("history")) as () => void;
      toggle();
    };
    panel.querySelector(".close")!.before(
      setIcon(
        textButton("", () => showHistory().catch(ignore), "icon history"),
        HISTORY,
        strings.history,
      ),
      setIcon(textButton("", startAnew, "icon new"), COMPOSE, strings.anew),
    );

    /** Another tab wrote. */
    let stale = false;
    const follow = async () => {
      if (document.hidden) return;
      chat.wake();
      if (!stale) return;
      stale = false;
      const resume = (await load("resume")) as { follow(): Promise<void> };
      await resume.follow();
    };
    const wake = () => void follow().catch(ignore);
    document.addEventListener("visibilitychange", wake, { signal });
    addEventListener(
      "storage",
      ({ key }) => {
        stale ||= key === `alonchat:${boot.agentId}`;
        if (stale) setTimeout(wake, OTHER_TAB_MS);
      },
      { signal },
    );

    boot.host.addEventListener("change", (event) => {
      const message = (event as CustomEvent<Message | undefined>).detail;
      if (!message || isRunning(message) || message.role === "visitor") return;
      if (message.role === "operator") announce(message.text);
      if (!panel.open) load("unread").then((add) => (add as () => void)(), ignore);
    });

    /** There is no clipboard on pages without https. */
    const copy = (answer: HTMLElement) => {
      if (!navigator.clipboard) return [];
      const button = textButton(
        strings.copy,
        async () => {
          // biome-ignore lint/performance/useDomNodeTextContent: it keeps lines and cells apart
          await navigator.clipboard.writeText(answer.innerText);
          button.textContent = strings.copied;
        },
        "copy",
      );
      return [button];
    };

    const thumbs = (message: Message, row: HTMLElement) => {
      const press = () => {
        for (const [rating, button] of buttons) button.ariaPressed = `${message.rating === rating}`;
      };
      const choose = async (rating: Rating) => {
        const before = message.rating;
        message.rating = before === rating ? null : rating;
        press();
        row.querySelector(".why")?.remove();
        try {
          await api.send(`answers/${message.id}/feedback`, { rating: message.rating });
          if (message.rating === "down") ((await load("feedback")) as AskWhy)(message, row);
        } catch (error) {
          message.rating = before;
          press();
          announce((error as Error).message);
        }
      };
      const buttons = (["up", "down"] as const).map(
        (rating) =>
          [
            rating,
            setIcon(
              textButton("", () => choose(rating), `icon thumb ${rating}`),
              THUMB,
              strings[rating],
            ),
          ] as const,
      );
      press();
      return buttons.map(([, button]) => button);
    };

    /** With its day, unless that is today. */
    const time = ({ createdAt }: Message) => {
      const date = new Date(createdAt);
      const today = date.toDateString() === new Date().toDateString();
      return h(
        "time",
        { dateTime: createdAt },
        date.toLocaleString(words.language, { timeStyle: "short", ...(!today && { dateStyle: "medium" }) }),
      );
    };

    return (message: Message, { row, markdown, below }: AnswerRow): void => {
      const { role, citations } = message;
      // Told twice of the same message before this part was there.
      if (below.querySelector("time")) return;
      below.prepend(...sourceList(strings.sources, citations));
      below.append(...copy(markdown), ...(role === "assistant" ? thumbs(message, row) : []), time(message));
    };
  },
});

type AskWhy = (message: Message, row: HTMLElement) => void;
