import { sourceList } from "./answer";
import type { Message } from "./chat";
import { h, setIcon, textButton } from "./dom";
import type { Use } from "./parts";
import type { Rating } from "./protocol";
import type { Words } from "./strings";

const THUMB = "M7 10v11H3V10ZM7 10l5-8q3 1 2 7h7l-2 12H7";

/** What stands below a complete answer: its sources, the ways to copy and to judge it, and when it was given. */
export function belowAnswer(message: Message, row: HTMLElement, markdown: HTMLElement, words: Words, use: Use): Node[] {
  const { role, citations, createdAt } = message;
  const copy = textButton(
    words.copy,
    async () => {
      // biome-ignore lint/performance/useDomNodeTextContent: it keeps lines and cells apart
      await navigator.clipboard.writeText(markdown.innerText);
      copy.textContent = words.copied;
    },
    "copy",
  );
  // There is none on pages without https.
  copy.hidden = !navigator.clipboard;
  const press = () => {
    for (const thumb of thumbs) thumb.ariaPressed = `${message.rating === thumb.value}`;
  };
  const thumbs = (["up", "down"] as Rating[]).map((rating) => {
    const thumb = textButton("", () => use("rate", message, rating, row, press), `icon thumb ${rating}`);
    thumb.value = rating;
    return setIcon(thumb, THUMB, words[rating]);
  });
  press();
  // With its day, unless that is today.
  const date = new Date(createdAt);
  const dateStyle = date.toDateString() === new Date().toDateString() ? undefined : "medium";
  return [
    ...sourceList(words.sources, citations),
    copy,
    ...(role === "assistant" ? thumbs : []),
    h("time", { dateTime: createdAt }, date.toLocaleString(words.language, { timeStyle: "short", dateStyle })),
  ];
}
