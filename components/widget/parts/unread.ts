import { part } from "../part";
import { type Plural, plural } from "../strings";
import css from "./unread.css?inline";

/** How many messages came while the panel was closed: on the bubble, in its name, and for the page. */
export default part({
  css,
  strings: { unread: { one: "{n} unread message", other: "{n} unread messages" } as Plural },
  mount({ boot: { bubble, host }, strings, words, emit, announce }) {
    let count = 0;
    const show = () => {
      bubble.dataset.unread = count ? `${count}` : "";
      if (count) bubble.ariaLabel = `${words.open}, ${plural(strings.unread, count, words.language)}`;
      emit("unread", { count });
    };
    host.addEventListener("open", () => {
      if (!count) return;
      count = 0;
      show();
    });
    return (): void => {
      count++;
      show();
      announce(plural(strings.unread, count, words.language));
    };
  },
});
