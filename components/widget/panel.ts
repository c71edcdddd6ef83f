import { link } from "./answer";
import { h, setIcon, textButton } from "./dom";
import type { AgentConfig } from "./protocol";
import type { Words } from "./strings";
import type { Boot } from "./types";

const HISTORY = "M3 3v6h6M3 9a9 9 0 1 1 0 6M12 7v5l4 2";
const COMPOSE = "M12 3H4v17h17v-8M19 2l3 3-10 10-4 1 1-4Z";

/** As in the style sheet: where the panel fills the screen. */
const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";
const RTL = /^(ar|he)/;

/**
 * The window of the chat: header, list, composer, and all that concerns focus, keyboard, screen and colours.
 */
export function createPanel(
  { bubble, host, origin, options: { mode } }: Boot,
  words: Words,
  list: HTMLElement,
  composer: HTMLElement,
  field: HTMLElement,
  onClosed: () => void,
  onAnew: () => void,
  onHistory: () => void,
) {
  const fullScreen = matchMedia(FULL_SCREEN);
  const title = h("h2", { dir: "auto" });
  const subtitle = h("small");
  const avatar = h("span", { className: "avatar", ariaHidden: "true" });
  const powered = h("p", "powered");
  const close = textButton("", () => element.close(), "icon close");
  const history = textButton("", onHistory, "icon history");
  const anew = textButton("", onAnew, "icon new");
  const element = h(
    "dialog",
    "panel",
    h("header", "", avatar, h("div", "", title, subtitle), close),
    list,
    composer,
    powered,
  );
  // The page's own shortcuts do not see that the visitor is writing in a field.
  element.onkeydown =
    element.onkeyup =
    element.onkeypress =
      (event) => {
        event.stopPropagation();
        if (event.key === "Escape" && !event.isComposing && event.type === "keydown" && !mode) element.close();
      };
  // However it was closed: a phone's way back does it too.
  element.onclose = () => {
    label();
    onClosed();
  };

  /** Puts all labels into the present language. */
  const label = () => {
    const { open } = element;
    bubble.ariaExpanded = `${open}`;
    bubble.ariaLabel = open ? words.close : words.open;
    subtitle.textContent = words.subtitle;
    element.ariaLabel = title.textContent || words.subtitle;
    setIcon(close, "close", words.close);
    setIcon(history, HISTORY, words.history);
    setIcon(anew, COMPOSE, words.anew);
  };
  label();

  return {
    element,
    fullScreen,
    /** @param focus false when nobody asked for the panel: the page keeps the focus */
    open(focus: boolean) {
      // In full screen the field's focus would bring up a phone's keyboard over the welcome.
      field.autofocus = !fullScreen.matches;
      if (focus && !mode) element[fullScreen.matches ? "showModal" : "show"]();
      else element.open = true;
      label();
    },
    /** There is a conversation, and with it the ways to others. */
    begun() {
      if (!anew.isConnected) close.before(history, anew);
    },
    configure({ name, accentColor, theme, language, poweredBy, position }: AgentConfig) {
      title.textContent = name;
      avatar.textContent = [...name][0] ?? "";
      // Where the panel stands is the page's matter, how it reads the agent's.
      for (const part of element.children) (part as HTMLElement).dir = RTL.test(language) ? "rtl" : "ltr";
      if (poweredBy) powered.replaceChildren(`${words.poweredBy} `, link(origin, "AlonChat"));
      // `auto` is no value of it, and changes nothing.
      element.style.colorScheme = theme ?? "";
      host.style.setProperty("--color", accentColor);
      host.classList.toggle("left", position === "left");
      label();
    },
  };
}
