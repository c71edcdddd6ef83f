import { link } from "./answer";
import { h, setIcon, textButton } from "./dom";
import type { AgentConfig } from "./protocol";
import type { Words } from "./strings";
import type { Boot } from "./types";

/** As in the style sheet: where the panel fills the screen. */
const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";
const RTL = /^(ar|fa|he|ur)/;

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
) {
  const fullScreen = matchMedia(FULL_SCREEN);
  const title = h("h2", { dir: "auto" });
  const subtitle = h("small");
  const avatar = h("span", { className: "avatar", ariaHidden: "true" });
  const powered = h("p", "powered");
  const close = textButton("", () => element.close(), "icon close");
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
    configure({ name, accentColor, theme, language, poweredBy, position }: AgentConfig) {
      title.textContent = name;
      avatar.textContent = [...name][0] ?? "";
      // Where the panel stands is the page's matter, how it reads the agent's.
      for (const part of element.children) (part as HTMLElement).dir = RTL.test(language) ? "rtl" : "ltr";
      if (poweredBy) powered.replaceChildren(`${words.poweredBy} `, link(origin, "AlonChat"));
      if (theme !== "auto") element.style.colorScheme = theme ?? "";
      host.style.setProperty("--color", accentColor);
      host.classList.toggle("left", position === "left");
      label();
    },
  };
}
