import { h, setIcon } from "./dom";
import { MAX_QUESTION_LENGTH } from "./protocol";
import type { Words } from "./strings";

/**
 * The field for a question. Enter sends, Shift+Enter starts a line; while an answer runs the button stops it.
 * @param onSend false leaves the text in the field
 * @returns `set` to tell whether an answer runs, and to show labels in the present language
 */
export function createComposer(
  words: Words,
  onSend: (text: string) => boolean,
  onStop: () => void,
  onLong: (length: number) => void,
) {
  let busy = false;

  const submit = (event: Event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (busy || !text) return;
    if (onSend(text)) field.value = "";
    refresh();
  };
  const refresh = () => {
    const { length } = field.value;
    button.disabled = !busy && !field.value.trim();
    if (length > MAX_QUESTION_LENGTH * 0.8) onLong(length);
    field.style.height = "";
    // Nothing can be measured while the panel is closed.
    if (length) field.style.height = `${field.scrollHeight}px`;
  };
  const field = h("textarea", {
    rows: 1,
    dir: "auto",
    maxLength: MAX_QUESTION_LENGTH,
    enterKeyHint: "send",
    oninput: refresh,
    onkeydown(event) {
      // 229 and isComposing: Enter only confirms a word of an input method.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
    },
  });
  const button = h("button", { className: "send", onclick: (event) => (busy ? onStop() : submit(event)) });

  return {
    element: h("div", "composer", field, button),
    field,
    set(nowBusy: boolean) {
      busy = nowBusy;
      field.ariaLabel = words.message;
      const does = busy ? "stop" : "send";
      setIcon(button, does, words[does]);
      refresh();
    },
  };
}
