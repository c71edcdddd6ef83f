/** The widget: fetched by the loader on first interest, mounted once into the loader's shadow root. */
import { type ChatError, createApi } from "./api";
import { createChat } from "./chat";
import { createComposer } from "./composer";
import { h, textButton } from "./dom";
import { messageList } from "./messages";
import { createPanel } from "./panel";
import type { AgentConfig } from "./protocol";
import { openStore } from "./store";
import { errorText, strings } from "./strings";
import type { Boot, Command, PageEvent } from "./types";
import css from "./widget.css?inline";

export function mount(boot: Boot): void {
  const { agentId, origin, host, root } = boot;
  const life = new AbortController();
  const { signal } = life;
  const store = openStore(agentId);
  const api = createApi(origin, agentId, () => store.get().visitor ?? "");
  let config: AgentConfig | undefined;
  let loading = false;
  /** Given by the page before there was a conversation to put it in. */
  let pending = "";

  const emit = (event: PageEvent, detail?: unknown) => host.dispatchEvent(new CustomEvent(event, { detail }));

  const chat = createChat(api, store, (message) => {
    list.changed(message);
    composer.set(chat.busy);
    const shown = message ?? chat.messages.at(-2);
    if (message?.error) failed(message.error);
    else if (shown && chat.busy === !message) emit("message", { id: shown.id, role: shown.role, text: shown.text });
  });
  const intro = h("div", "intro");
  const list = messageList(
    chat,
    () => config?.name ?? "",
    intro,
    (text) => panel.announce(text),
  );
  const composer = createComposer(send, chat.stop);
  const panel = createPanel(
    boot,
    [list.element, composer.element, composer.field],
    signal,
    () => {
      store.set({ open: false });
      emit("close");
    },
    chat.startAnew,
  );

  function send(text: string): void {
    if (config) {
      store.set({ open: true, accent: config.accentColor });
      chat.send(text);
    } else {
      pending = text;
    }
  }

  /** @param focus false when nobody asked for it */
  function show(open: boolean, focus = true): void {
    if (open && !config) load();
    const { element } = panel;
    if (!open) element.close();
    if (!open || element.open) return;
    panel.open(focus);
    store.set({ open });
    list.toEnd();
    emit("open");
  }

  async function load(): Promise<void> {
    if (loading) return;
    loading = true;
    intro.replaceChildren(h("div", "waiting", h("div", "box")));
    try {
      const loaded = await api.config();
      panel.configure(loaded);
      await chat.restore();
      config = loaded;
      const { welcomeMessage, suggestedQuestions, placeholder } = loaded;
      const chips = suggestedQuestions.map((text) => textButton(text, () => send(text)));
      intro.replaceChildren(
        h("p", { className: "box", dir: "auto", hidden: !welcomeMessage }, welcomeMessage),
        h("div", "below", ...chips),
      );
      composer.field.placeholder = placeholder;
      emit("ready");
      if (pending) send(pending);
    } catch (error) {
      const text = failed(error as ChatError);
      intro.replaceChildren(h("div", "failed", h("div", "below", text, textButton(strings.retry, load))));
      panel.announce(text);
    }
    loading = false;
  }

  /** Tells the page. On a page where the agent may not be, its owner reads why, and visitors see no chat at all. */
  function failed(error: ChatError): string {
    const { code } = error;
    emit("error", { code });
    if (code === "agent_unavailable") {
      console.error(`AlonChat: agent ${agentId} is not available; check data-agent in the snippet`);
    }
    if (code === "origin_not_allowed") {
      console.error(
        `AlonChat: this page's domain (${location.host}) is not among the allowed domains of agent ${agentId}; add it in the dashboard under Install → Allowed domains`,
      );
      destroy();
    }
    return errorText(error);
  }

  function destroy(): void {
    chat.stop();
    life.abort();
    host.remove();
    boot.run = () => {};
    if (window.alonchat?.boot === boot) delete window.alonchat;
  }

  boot.run = (...[name, detail, listener]: Command) => {
    if (name === "destroy") destroy();
    else if (name === "on") host.addEventListener(detail, (event) => listener((event as CustomEvent).detail));
    else show(name === "toggle" ? !panel.element.open : name !== "close");
    if (name === "send") send(detail);
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  root.append(panel.element);
  addEventListener("online", () => chat.messages.at(-1)?.error?.code === "offline" && chat.retry(), { signal });
  composer.set(false);
  for (const command of boot.queue) boot.run(...(Array.from(command) as Command));
  // On a phone the panel would cover the page that the visitor went to.
  if (store.get().open && !panel.fullScreen.matches) show(true, false);
}
