import { h, setIcon, textButton } from "../dom";
import { part, place } from "../part";
import type { ProactiveRule } from "../protocol";
import css from "./proactive.css?inline";

const LOOK_EVERY_MS = 1000;

/**
 * Whether a page's address fits: `*` stands for anything. A pattern that begins with `/` is compared with path and query,
 * any other with the whole address.
 */
export function fits(
  pattern: string,
  { href, pathname, search }: Pick<Location, "href" | "pathname" | "search">,
): boolean {
  const address = pattern.startsWith("/") ? pathname + search : href;
  const pieces = pattern.split("*");
  const last = pieces.pop()!;
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const found = i ? address.indexOf(piece, at) : address.startsWith(piece) ? 0 : -1;
    if (found < 0) return false;
    at = found + piece.length;
  }
  return pieces[0] === undefined ? address === last : address.length - last.length >= at && address.endsWith(last);
}

/** How far down the page was scrolled, in percent; a page that does not scroll was seen whole. */
const scrolled = (): number => {
  const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight ? ((scrollTop + clientHeight) / scrollHeight) * 100 : 100;
};

/** The agent speaks first, beside the bubble: the first message whose rule fits, once a visit. */
export default part({
  css,
  strings: { dismiss: "Dismiss this message", open: "Answer" },
  mount(context) {
    const { boot, config, store, panel, strings, show, announce, emit, signal } = context;
    const key = `alonchat:${boot.agentId}:proactive`;
    const { connection } = navigator as { connection?: { saveData?: boolean } };
    if (boot.options.mode || connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches) return;
    const mayStore = !config.consent || !!store.get().parts?.consent;
    try {
      if (sessionStorage[key]) return;
    } catch {}
    let page = location.href;
    let seconds = 0;

    const holds = ({ when }: ProactiveRule) =>
      (!when.urlPattern || fits(when.urlPattern, location)) &&
      seconds >= (when.afterSeconds ?? 0) &&
      (!when.scrollPercent || scrolled() >= when.scrollPercent);

    const say = ({ id, message }: ProactiveRule) => {
      // Without consent it is known until the page goes, and no longer.
      try {
        if (mayStore) sessionStorage[key] = id;
      } catch {}
      const close = () => card.remove();
      const open = () => {
        close();
        show(true);
      };
      const card = h(
        "div",
        { className: "proactive", role: "group", dir: "auto" },
        h("button", { type: "button", className: "words", dir: "auto", title: strings.open, onclick: open }, message),
        setIcon(textButton("", close, "icon"), "close", strings.dismiss),
      );
      place(context, "launcher", card);
      boot.host.addEventListener("open", close, { signal });
      announce(message);
      emit("proactive", { id });
    };

    const timer = setInterval(() => {
      if (document.hidden) return;
      // A page that was gone to without a reload begins anew.
      seconds = page === location.href ? seconds + 1 : 0;
      page = location.href;
      const rule = config.proactive?.find(holds);
      if (!rule || panel.open) return;
      clearInterval(timer);
      say(rule);
    }, LOOK_EVERY_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
  },
});
