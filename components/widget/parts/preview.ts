import type { Mark } from "../answer";
import { h } from "../dom";
import { part } from "../part";
import { fill } from "../strings";
import css from "./preview.css?inline";

/** What a citation stands for, beside its mark: on hover and focus, and on a phone with the first tap. */
export default part({
  css,
  strings: { open: "Open the page", show: "Source {number}" },
  mount({ panel, log, strings, signal }) {
    let shownFor: Mark | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const card = h("div", { className: "preview", role: "tooltip", hidden: true });
    const hide = () => {
      card.hidden = true;
      shownFor = undefined;
    };
    const hideSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(hide, 200);
    };
    card.onpointerenter = () => clearTimeout(timer);
    card.onpointerleave = hideSoon;
    log.addEventListener("scroll", hide);
    log.addEventListener("pointerout", ({ target }) => target === shownFor && hideSoon());
    log.addEventListener("focusout", hideSoon);
    panel.addEventListener(
      "keydown",
      (event) => {
        // Escape closes the preview first, then the panel.
        if (event.key !== "Escape" || card.hidden) return;
        event.stopPropagation();
        event.preventDefault();
        hide();
      },
      true,
    );
    panel.append(card);
    signal.addEventListener("abort", () => clearTimeout(timer));

    return (mark: Mark, tapped: boolean): void => {
      clearTimeout(timer);
      if (mark === shownFor && !tapped) return;
      const { number, url, title, heading, quote } = mark.citation!;
      const from = [url && new URL(url).host, heading].filter(Boolean).join(" · ");
      card.replaceChildren(
        h("b", { dir: "auto" }, title || url || fill(strings.show, { number })),
        h("small", "", from),
        h("q", { dir: "auto", hidden: !quote }, quote ?? ""),
      );
      if (url && tapped) {
        card.append(h("a", { href: url, target: "_blank", rel: "noreferrer" }, strings.open));
      }
      card.dir = getComputedStyle(log).direction;
      card.hidden = false;
      shownFor = mark;
      const frame = panel.getBoundingClientRect();
      const at = mark.getBoundingClientRect();
      const { offsetHeight, offsetWidth } = card;
      const over = at.top - frame.top - offsetHeight - 8;
      const left = Math.min(Math.max(12, at.left - frame.left - offsetWidth / 2), frame.width - offsetWidth - 12);
      card.style.top = `${over > 8 ? over : at.bottom - frame.top + 8}px`;
      card.style.left = `${left}px`;
    };
  },
});
