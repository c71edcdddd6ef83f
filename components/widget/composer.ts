import { h, setIcon } from "./dom";
import { MAX_QUESTION_LENGTH } from "./protocol";
import { strings } from "./strings";

/**
 * The field for a question. Enter sends, Shift+Enter starts a line; while an answer runs the button stops it.
 * @returns `set` to tell whether an answer runs
 */
export function createComposer(onSend: (text: string) => void, onStop: () => void) {
  let busy = false;

  const submit = (event: Event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (busy || !text) return;
    field.value = "";
    refresh();
    onSend(text);
  };
  const refresh = () => {
    const { length } = field.value;
    button.disabled = !busy && !field.value.trim();
    // Shown in time, so that nobody is cut off unawares.
    count.textContent = length > MAX_QUESTION_LENGTH * 0.9 ? `${length} / ${MAX_QUESTION_LENGTH}` : "";
    field.style.height = "";
    // Nothing can be measured while the panel is closed.
    if (length) field.style.height = `${field.scrollHeight}px`;
  };
  const field = h("textarea", {
    rows: 1,
    dir: "auto",
    maxLength: MAX_QUESTION_LENGTH,
    ariaLabel: strings.message,
    enterKeyHint: "send",
    oninput: refresh,
    onkeydown(event) {
      // 229 and isComposing: Enter only confirms a word of an input method.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
    },
  });
  const count = h("small");
  const button = h("button", { className: "send", onclick: (event) => (busy ? onStop() : submit(event)) });

  return {
    element: h("div", "composer", field, count, button),
    field,
    set(nowBusy: boolean) {
      busy = nowBusy;
      setIcon(button, busy ? "stop" : "send", busy ? strings.stop : strings.send);
      refresh();
    },
  };
}
