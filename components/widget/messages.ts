import { type Mark, showAnswer } from "./answer";
import type { ChatError } from "./api";
import { belowAnswer } from "./below";
import { type Chat, isRunning, type Message } from "./chat";
import { h } from "./dom";
import type { Use } from "./parts";
import { type Parse, parsePlain } from "./plain";
import { fill, type Words } from "./strings";

/** Closer to the end than this the list follows what is being written. */
const FOLLOW_PX = 60;

type Row = [element: HTMLElement, update: () => void];

/**
 * The list of messages. It shows what `chat` holds and scrolls along, unless the visitor scrolled away from the end.
 * @param intro stands before the first message, `end` after the last
 * @param announce says a text to screen readers, once
 * @param problem what went wrong, with the way to try again
 */
export function messageList(
  chat: Chat,
  words: Words,
  agentName: () => string,
  intro: HTMLElement,
  end: HTMLElement,
  announce: (text: string) => void,
  use: Use,
  problem: (error: ChatError, retry: () => void) => HTMLElement[],
) {
  const rows = new WeakMap<Message, Row>();
  let following = true;
  let knownTop = 0;
  let frame = 0;
  /** Becomes the whole parser once an answer wants it. */
  let parse: Parse<Node> = (text, streaming, make) => parsePlain(text, streaming, make, enrich);

  /** A scroll event comes with the next frame; text that arrives before it must not undo what the visitor did. */
  const noticeScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = element;
    if (scrollTop !== knownTop) following = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
    knownTop = scrollTop;
  };
  const lookAt = (event: Event) => {
    const mark = (event.target as Element).closest<Mark>(".cite");
    // A finger does not hover: its tap shows what a pointer sees before it follows the link.
    const tapped = event.type === "click" && matchMedia("(hover: none)").matches;
    if (!mark?.citation) return;
    if (tapped) event.preventDefault();
    use("preview", mark, tapped);
  };

  const element = h(
    "div",
    {
      className: "log",
      role: "log",
      // Texts that grow would be read out in pieces; finished answers are announced instead.
      ariaLive: "off",
      tabIndex: 0,
      onscroll: noticeScroll,
    },
    intro,
    end,
  );
  for (const type of ["pointerover", "focusin", "click"]) element.addEventListener(type, lookAt);
  const toEnd = () => {
    element.scrollTop = element.scrollHeight;
    knownTop = element.scrollTop;
  };
  /** What stays keeps its place in the document, and so the focus that may be in it. */
  const showOnly = (...wanted: HTMLElement[]) => {
    const { children } = element;
    wanted.forEach((node, i) => {
      if (children[i] !== node) element.insertBefore(node, children[i] ?? null);
    });
    while (children[wanted.length]) element.lastChild!.remove();
  };
  const rowOf = (message: Message): HTMLElement => {
    let row = rows.get(message);
    if (!row) {
      row = message.role === "visitor" ? questionRow(message) : answerRow(message);
      rows.set(message, row);
      row[1]();
    }
    return row[0];
  };
  /** An answer has something that is not plain: what makes that is fetched, and all answers are shown anew. */
  const enrich = () =>
    use("rich", (whole) => {
      if (parse === whole) return;
      parse = whole;
      for (const message of chat.messages) rows.get(message)?.[1]();
    });
  const questionRow = ({ text }: Message): Row => [
    h("div", "me", h("span", "sr", words.you), h("p", { dir: "auto" }, text)),
    () => {},
  ];

  function answerRow(message: Message): Row {
    const markdown = h("div", "box");
    const below = h("div", "below");
    const { author } = message;
    const row = h(
      "div",
      "",
      author ? h("b", { dir: "auto" }, author) : h("span", "sr", fill(words.answered, { name: agentName() })),
      markdown,
      below,
    );
    let wasRunning = false;
    const update = () => {
      const { text, status, citations, error } = message;
      const running = isRunning(message);
      // Without citations at the end a mark was only a number in brackets; of a cut answer nobody knows.
      showAnswer(markdown, text, running, words, parse, status === "complete" ? (citations ?? []) : citations);
      if (message.checks?.[0]) use("marks", message, markdown);
      row.className = status;
      markdown.hidden = !running && !text;
      if (running) below.textContent = error ? words[error.code === "offline" ? "offline" : "reconnecting"] : "";
      else {
        below.replaceChildren(
          status === "stopped" ? words.stopped : "",
          ...(error ? problem(error, chat.retry) : text ? belowAnswer(message, row, markdown, words, use) : []),
        );
        // biome-ignore lint/performance/useDomNodeTextContent: it keeps lines and cells apart
        if (wasRunning && !error) announce(markdown.innerText);
      }
      wasRunning = running;
    };
    return [row, update];
  }

  return {
    element,
    toEnd,
    /** Shows a change of one message with the next frame, or of the whole list at once. */
    changed(message?: Message) {
      cancelAnimationFrame(frame);
      const update = () => {
        noticeScroll();
        element.ariaLabel = words.conversation;
        if (message) rows.get(message)?.[1]();
        else showOnly(intro, ...chat.messages.map(rowOf), end);
        following ||= !message;
        if (following) toEnd();
      };
      if (isRunning(message)) frame = requestAnimationFrame(update);
      else update();
    },
  };
}
