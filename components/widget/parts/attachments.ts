import { h, setIcon, textButton } from "../dom";
import { beginConversation, part, place } from "../part";
import type { StoredConversation, StoredFile } from "../protocol";
import css from "./attachments.css?inline";

const CLIP = "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.6 1.6 0 0 1-2.4-2.3L14.500 7.200";
const MAX_BYTES = 10 * 1024 * 1024;

/** Sends a file to the people who answer: what may be sent is decided by the server, by what is in it. */
export default part({
  css,
  strings: {
    attach: "Attach a file",
    sending: "Sending {name}…",
    sent: "{name} was sent",
    large: "{name} is larger than 10 MB.",
    refused: "{name} cannot be sent. Pictures, PDFs and text files can.",
    failed: "{name} could not be sent. Please try again.",
    files: "Files you sent",
  },
  mount(context) {
    const { boot, api, store, strings, end, emit, announce, signal } = context;
    const list = h("ul", { className: "files", ariaLabel: strings.files });
    const shown = new Set<string>();
    const say = (text: string, name: string) => text.replace("{name}", () => name);

    const row = () => {
      const item = h("li", { dir: "auto" });
      if (!list.isConnected) end.append(list);
      list.append(item);
      return item;
    };
    const showStored = ({ id, name }: StoredFile) => {
      if (shown.has(id)) return;
      shown.add(id);
      row().textContent = name;
    };

    const send = async (file: File): Promise<void> => {
      const item = row();
      const tell = (text: string, className = "") => {
        item.className = className;
        item.textContent = say(text, file.name);
        item.scrollIntoView({ block: "nearest" });
        announce(item.textContent);
      };
      if (file.size > MAX_BYTES) return tell(strings.large, "wrong");
      tell(strings.sending, "sending");
      try {
        const path = `conversations/${beginConversation(store)}/attachments`;
        const { name, size: sizeBytes, type } = file;
        const { id, url } = await api.send<{ id: string; url: string }>(path, { name, sizeBytes, type });
        const put = await fetch(url, { method: "PUT", body: file, signal, credentials: "omit" });
        if (!put.ok) throw new Error("not stored");
        await api.send(`${path}/${id}`, {});
        shown.add(id);
        tell(strings.sent);
      } catch (error) {
        const { code } = error as { code?: string };
        tell(/unsupported|too_large|bad_request/.test(code ?? "") ? strings.refused : strings.failed, "wrong");
      }
    };

    const input = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      accept: "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain,.txt,.csv,.md,.log",
      async onchange() {
        const files = [...(input.files ?? [])];
        input.value = "";
        for (const file of files) await send(file);
      },
    });
    // Whoever asks for consent or a form first is asked before a file, too.
    const choose = () => emit("beforesend", "") && input.click();
    place(context, "tools", input);
    place(context, "tools", setIcon(textButton("", choose, "icon clip"), CLIP, strings.attach));

    boot.host.addEventListener(
      "conversation",
      (event) => {
        const { files } = ((event as CustomEvent).detail ?? {}) as StoredConversation;
        for (const file of files ?? []) showStored(file);
      },
      { signal },
    );
    boot.host.addEventListener(
      "change",
      () => {
        if (context.chat.messages[0] || store.get().conversation) return;
        shown.clear();
        list.replaceChildren();
        list.remove();
      },
      { signal },
    );
  },
});
