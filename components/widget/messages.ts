import { showAnswer, sourceList } from "./answer";
import type { ChatError } from "./api";
import { type Chat, isRunning, type Message } from "./chat";
import { h, textButton } from "./dom";
import { errorText, strings } from "./strings";

/** Closer to the end than this the list follows what is being written. */
const FOLLOW_PX = 60;

type Row = [element: HTMLElement, update: () => void];

/**
 * The list of messages. It shows what `chat` holds and scrolls along, unless the visitor scrolled away from the end.
 * @param announce says a text to screen readers, once
 */
export function messageList(chat: Chat, agentName: () => string, intro: HTMLElement, announce: (text: string) => void) {
  const rows = new WeakMap<Message, Row>();
  let following = true;
  let knownTop = 0;
  let frame = 0;

  /** A scroll event comes with the next frame; text that arrives before it must not undo what the visitor did. */
  const noticeScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = element;
    if (scrollTop !== knownTop) following = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
    knownTop = scrollTop;
  };

  const element = h(
    "div",
    {
      className: "log",
      role: "log",
      // Texts that grow would be read out in pieces; finished answers are announced instead.
      ariaLive: "off",
      ariaLabel: strings.conversation,
      tabIndex: 0,
      onscroll: noticeScroll,
    },
    intro,
  );
  const toEnd = () => {
    element.scrollTop = element.scrollHeight;
    knownTop = element.scrollTop;
  };
  const rowOf = (message: Message): HTMLElement => {
    const row = rows.get(message) ?? (message.role === "visitor" ? questionRow(message) : answerRow(message));
    rows.set(message, row);
    row[1]();
    return row[0];
  };

  function answerRow(message: Message): Row {
    const markdown = h("div", "box");
    const below = h("div", "below");
    let wasRunning = false;
    const row = h("div", "", hiddenText(strings.answered(agentName())), markdown, below);
    const update = () => {
      const { text, status, citations, error } = message;
      const running = isRunning(message);
      // Without citations at the end a mark was only a number in brackets; of a cut answer nobody knows.
      showAnswer(markdown, text, running, status === "complete" ? (citations ?? []) : citations);
      row.className = status;
      markdown.hidden = !running && !text;
      below.replaceChildren();
      if (!running) {
        const note = error ? errorText(error) : status === "stopped" ? strings.stopped : "";
        below.append(...sourceList(citations), note, ...(error ? retry(error) : text ? copy(markdown) : []));
        // biome-ignore lint/performance/useDomNodeTextContent: it keeps lines and cells apart
        if (wasRunning) announce(note || markdown.innerText);
      }
      wasRunning = running;
    };
    return [row, update];
  }

  /** The way to try again, with the seconds left until that is allowed. */
  function retry({ retryAt }: ChatError): HTMLElement[] {
    const wait = h("span");
    const button = textButton(strings.retry, chat.retry);
    const tick = () => {
      const seconds = Math.ceil((retryAt - Date.now()) / 1000);
      button.disabled = seconds > 0;
      wait.textContent = button.disabled ? strings.wait(seconds) : "";
      if (button.disabled) setTimeout(tick, 500);
    };
    tick();
    return [wait, button];
  }

  return {
    element,
    toEnd,
    /** Shows a change of one message with the next frame, or of the whole list at once. */
    changed(message?: Message) {
      cancelAnimationFrame(frame);
      const update = () => {
        noticeScroll();
        if (message) rows.get(message)?.[1]();
        else element.replaceChildren(intro, ...chat.messages.map(rowOf));
        following ||= !message;
        if (following) toEnd();
      };
      if (isRunning(message)) frame = requestAnimationFrame(update);
      else update();
    },
  };
}

const hiddenText = (text: string) => h("span", "sr", text);

const questionRow = ({ text }: Message): Row => [
  h("div", "me", hiddenText(strings.you), h("p", { dir: "auto" }, text)),
  () => {},
];

/** There is no clipboard on pages without https. */
function copy(answer: HTMLElement): HTMLElement[] {
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
}
