import { h, textButton } from "../dom";
import { part, place } from "../part";
import css from "./consent.css?inline";

/** Asks before anything is sent or stored. What the visitor was about to send goes out with the consent. */
export default part({
  css,
  strings: {
    accept: "Accept and continue",
    needed: "Please accept first, then your question can be sent.",
  },
  mount(context) {
    const { boot, config, store, strings, send, panel, announce } = context;
    const { consent } = config;
    if (!consent || store.get().parts?.consent) return;
    let waiting = "";
    const accept = () => {
      boot.host.removeEventListener("beforesend", hold);
      // Written with the visitor's key, by the question that follows.
      store.set({ parts: { ...store.get().parts, consent: new Date().toISOString() } });
      card.remove();
      const field = panel.querySelector("textarea")!;
      field.focus();
      if (!waiting) return;
      field.value = "";
      send(waiting);
    };
    const hold = (event: Event) => {
      event.preventDefault();
      waiting = (event as CustomEvent<string>).detail;
      announce(strings.needed);
      button.focus();
    };
    const button = textButton(consent.acceptLabel || strings.accept, accept, "pill accept");
    const card = h("div", { className: "consent", role: "group" }, h("p", { dir: "auto" }, consent.text), button);
    place(context, "above", card);
    boot.host.addEventListener("beforesend", hold);
  },
});
