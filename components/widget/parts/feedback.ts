import type { Message } from "../chat";
import { h, textButton } from "../dom";
import { part } from "../part";
import css from "./feedback.css?inline";

const REASONS = ["wrong", "incomplete", "off_topic", "other"] as const;

/** Why an answer was bad: asked under it, after the thumb went down. Nothing of it has to be answered. */
export default part({
  css,
  strings: {
    why: "What was wrong with it?",
    wrong: "It is not true",
    incomplete: "Something is missing",
    off_topic: "It is about something else",
    other: "Something else",
    comment: "Say more (optional)",
    send: "Send",
    skip: "Skip",
    thanks: "Thank you. It helps to make the answers better.",
    failed: "It could not be sent. Please try again.",
  },
  mount({ api, strings, announce }) {
    return (message: Message, row: HTMLElement): void => {
      row.querySelector(".why")?.remove();
      const name = `why-${message.id}`;
      const radios = REASONS.map((value) => h("input", { type: "radio", name, value }));
      const comment = h("textarea", { rows: 2, maxLength: 1000, dir: "auto", ariaLabel: strings.comment });
      const note = h("small", { role: "alert" });
      comment.placeholder = strings.comment;
      const close = (text: string) => {
        form.replaceChildren(text);
        announce(text);
      };
      const send = async (event: Event) => {
        event.preventDefault();
        const reason = radios.find(({ checked }) => checked)?.value;
        try {
          await api.send(`answers/${message.id}/feedback`, {
            rating: "down",
            ...(reason && { reason }),
            ...(comment.value.trim() && { comment: comment.value.trim() }),
          });
          close(strings.thanks);
        } catch {
          note.textContent = strings.failed;
        }
      };
      const form = h(
        "form",
        { className: "why", ariaLabel: strings.why, onsubmit: send },
        h("b", "", strings.why),
        ...radios.map((radio, i) => h("label", "", radio, strings[REASONS[i]!])),
        comment,
        note,
        h(
          "div",
          "below",
          h("button", { className: "pill" }, strings.send),
          textButton(strings.skip, () => form.remove(), "copy"),
        ),
      );
      row.append(form);
      form.scrollIntoView({ block: "nearest" });
      radios[0]!.focus();
    };
  },
});
