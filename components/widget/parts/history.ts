import { h, textButton } from "../dom";
import { forget, part, place } from "../part";
import css from "./history.css?inline";

interface Listed {
  id: string;
  title: string;
  lastMessageAt: string;
  preview: string;
}

/** The visitor's earlier conversations, in place of the present one, and the way to have all of them deleted. */
export default part({
  css,
  strings: {
    title: "Earlier conversations",
    none: "There are no earlier conversations.",
    back: "Back to the chat",
    erase: "Delete my data",
    sure: "Delete all your conversations? This cannot be undone.",
    yes: "Delete everything",
    no: "Keep",
    erased: "Your data has been deleted.",
    failed: "This could not be loaded. Please try again.",
  },
  mount(context) {
    const { api, chat, store, strings, words, announce, panel, load: loadPart } = context;
    const list = h("ul");
    const foot = h("div", "below");
    const view = h(
      "section",
      { className: "earlier", ariaLabel: strings.title },
      h("h3", "", strings.title),
      list,
      foot,
    );
    const back = textButton(strings.back, () => show(false));

    const show = (shown: boolean) => {
      panel.classList.toggle("listing", shown);
      if (shown) place(context, "top", view);
      else view.remove();
      (shown ? back : panel.querySelector<HTMLElement>("textarea"))?.focus();
    };
    const erase = async () => {
      try {
        await api.send("visitor", undefined, "DELETE");
        forget(context);
        chat.put([]);
        show(false);
        announce(strings.erased);
      } catch {
        list.replaceChildren(h("li", "", strings.failed));
      }
    };
    const ask = () => {
      const no = textButton(strings.no, reset);
      foot.replaceChildren(strings.sure, textButton(strings.yes, erase, "pill danger"), no);
      no.focus();
    };
    const reset = () => foot.replaceChildren(back, textButton(strings.erase, ask, "copy"));

    const load = async () => {
      try {
        const { conversations } = await api.send<{ conversations: Listed[] }>("conversations");
        const items = conversations.map(({ id, title, preview, lastMessageAt }) => {
          const at = h("time", { dateTime: lastMessageAt }, new Date(lastMessageAt).toLocaleDateString(words.language));
          const open = async () => {
            show(false);
            if (id === store.get().conversation) return;
            try {
              await ((await loadPart("sync")) as { open(id: string): Promise<void> }).open(id);
            } catch {
              announce(strings.failed);
            }
          };
          const button = h("button", {
            type: "button",
            onclick: open,
            ariaCurrent: `${id === store.get().conversation}`,
          });
          // The marks of Markdown say nothing in a line that is cut off.
          const line = preview.replace(/[*_`#|]+|\[\d+(, ?\d+)*\]/g, "");
          button.append(h("b", { dir: "auto" }, title || line), at, h("small", { dir: "auto" }, line));
          return h("li", "", button);
        });
        list.replaceChildren(...(items[0] ? items : [h("li", "", strings.none)]));
      } catch {
        list.replaceChildren(h("li", "", strings.failed, textButton(words.retry, load)));
      }
    };

    return (): void => {
      reset();
      list.replaceChildren();
      const shown = view.isConnected;
      show(!shown);
      if (!shown) load();
    };
  },
});
