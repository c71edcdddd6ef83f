import { h, setIcon, textButton } from "./dom";
import type { AgentConfig } from "./protocol";
import { strings } from "./strings";
import type { Boot } from "./types";

/** As in the style sheet: where the panel fills the screen. */
const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";
const RTL = /^(ar|fa|he|ur)/;

/** The window of the chat: header, list, composer, and all that concerns focus, keyboard, screen and colours. */
export function createPanel(
  { bubble, host, origin }: Boot,
  [list, composer, field]: [list: HTMLElement, composer: HTMLElement, field: HTMLElement],
  /** Ends every listener outside of the shadow root. */
  signal: AbortSignal,
  onClosed: () => void,
  onAnew: () => void,
) {
  const fullScreen = matchMedia(FULL_SCREEN);
  const view = window.visualViewport;
  const title = h("h2", { dir: "auto" });
  const avatar = h("span", { className: "avatar", ariaHidden: "true" });
  const powered = h("p", "powered");
  const status = h("div", { className: "sr", role: "status" });
  const element = h(
    "dialog",
    { className: "panel", ariaLabel: strings.subtitle },
    h(
      "header",
      "",
      avatar,
      h("div", "", title, h("small", "", strings.subtitle)),
      setIcon(textButton("", onAnew, "icon new"), "compose", strings.anew),
      setIcon(
        textButton("", () => element.close(), "icon"),
        "close",
        strings.close,
      ),
    ),
    list,
    composer,
    powered,
    status,
  );
  // The page's own shortcuts do not see that the visitor is writing in a field.
  element.onkeydown =
    element.onkeyup =
    element.onkeypress =
      (event) => {
        event.stopPropagation();
        if (event.key === "Escape" && !event.isComposing && event.type === "keydown") element.close();
      };
  // However it was closed: a phone's way back does it too.
  element.onclose = () => {
    label();
    onClosed();
  };

  /** Keeps a panel that fills the screen above the on-screen keyboard. */
  const fitScreen = () => {
    if (!view || view.scale > 1) return;
    element.style.setProperty("--height", `${view.height}px`);
    element.style.setProperty("--top", `${view.offsetTop}px`);
  };
  view?.addEventListener("resize", fitScreen, { signal });
  view?.addEventListener("scroll", fitScreen, { signal });

  const label = () => {
    bubble.ariaExpanded = `${element.open}`;
    bubble.ariaLabel = element.open ? strings.close : strings.open;
  };
  label();

  return {
    element,
    fullScreen,
    /** @param focus false when nobody asked for the panel: the page keeps the focus */
    open(focus: boolean) {
      fitScreen();
      // In full screen the field's focus would bring up a phone's keyboard over the welcome.
      field.autofocus = !fullScreen.matches;
      if (focus) element[fullScreen.matches ? "showModal" : "show"]();
      else element.open = true;
      label();
    },
    configure({ name, accentColor, theme, language, poweredBy }: AgentConfig) {
      title.textContent = title.title = element.ariaLabel = name;
      avatar.textContent = [...name][0] ?? "";
      // Where the panel stands is the page's matter, how it reads the agent's.
      for (const part of element.children) (part as HTMLElement).dir = RTL.test(language) ? "rtl" : "ltr";
      if (poweredBy) {
        const link = h("a", { href: origin, target: "_blank", rel: "noopener" }, "AlonChat");
        powered.replaceChildren(`${strings.poweredBy} `, link);
      }
      if (theme !== "auto") element.style.colorScheme = theme ?? "";
      host.style.setProperty("--color", accentColor);
    },
    /** Says a text to screen readers, without moving the focus. */
    announce(text: string) {
      status.textContent = text;
    },
  };
}
