import { h } from "../dom";
import { part, place } from "../part";
import { MAX_QUESTION_LENGTH } from "../protocol";
import css from "./long.css?inline";

/** A long question is told how much room it has left, so that nobody is cut off unawares. */
export default part({
  css,
  strings: {},
  mount(context) {
    const count = h("small");
    place(context, "tools", count);
    return (length: number): void => {
      count.textContent = length > MAX_QUESTION_LENGTH * 0.9 ? `${length} / ${MAX_QUESTION_LENGTH}` : "";
    };
  },
});
