/** The widget: fetched by the loader on first interest, mounted once into the loader's shadow root. */
import { type ChatError, createApi } from "./api";
import { createChat, isRunning } from "./chat";
import { createComposer } from "./composer";
import { addStyles, h, textButton } from "./dom";
import { messageList } from "./messages";
import { createPanel } from "./panel";
import { BY_CONFIG, createParts, type Use } from "./parts";
import type { AgentConfig } from "./protocol";
import { createResume } from "./resume";
import { openStore } from "./store";
import { english, type Words } from "./strings";
import type { Boot, Command, PageEvent } from "./types";
import css from "./widget.css?inline";

const ignore = () => {};

export function mount(boot: Boot): void {
  const { agentId, origin, host, root, options } = boot;
  const { mode } = options;
  const life = new AbortController();
  const { signal } = life;
  const words: Words = { ...english };
  const store = openStore(agentId);
  const headers: Record<string, string> = {};
  const end = h("div");
  let config: AgentConfig | undefined;
  let loading = false;
  /** Given by the page before there was a conversation to put it in. */
  let pending = "";
  /** What the page said before is done: what it told of its visitor is known. Begins with a task of its own, so that building holds up no page. */
  let told: Promise<unknown> = new Promise((resolve) => setTimeout(resolve));

  const use: Use = (name, ...args) =>
    loadPart(name).then((run) => (run as unknown as (...given: unknown[]) => unknown)(...args), ignore);
  /** Says a text to screen readers, without moving the focus. */
  const announce = (text: string) => {
    status.textContent = text;
  };
  const status = h("div", { className: "sr", role: "status" });
  const emit = (event: PageEvent, detail?: unknown) =>
    host.dispatchEvent(new CustomEvent(event, { detail, cancelable: true }));
  const api = createApi(
    origin,
    agentId,
    () => {
      const { visitor } = store.get();
      return { ...headers, ...(visitor && { "x-alonchat-visitor": visitor }) };
    },
    (challenge) => use("challenge", challenge),
  );
  const chat = createChat(api, store, (message) => {
    list.changed(message);
    composer.set(chat.busy);
    if (!message) panel.begun();
    else if (!isRunning(message)) {
      const { id, role, text, error } = message;
      if (role === "operator") announce(text);
      if (role !== "visitor" && !panel.element.open) use("unread");
      if (!error) emit("message", { id, role, text });
    }
    emit("change", message);
  });
  const { read, restore } = createResume(api, chat, store, (found) => emit("conversation", found), use);
  const intro = h("div", "intro");
  const list = messageList(chat, words, () => config?.name ?? "", intro, end, announce, use, problem);
  const composer = createComposer(words, send, chat.stop, (length) => use("long", length));
  const panel = createPanel(
    boot,
    words,
    list.element,
    composer.element,
    composer.field,
    () => {
      // It may have been opened again before it is told.
      store.set({ open: panel.element.open });
      emit("close");
    },
    startAnew,
    () => use("history"),
  );
  const loadPart = createParts(words, root, () => ({
    ...{ boot, config: config!, api, headers, chat, store, read, restore, words, emit, end, send, show, signal },
    panel: panel.element,
    log: list.element,
    composer: composer.element,
    announce,
  }));

  /** @returns false when something has to be done first; the visitor keeps the text */
  function send(text: string): boolean {
    if (!config) pending = text;
    else if (!emit("beforesend", text)) return false;
    else {
      store.set({ open: true, accent: config.accentColor, side: config.position });
      chat.send(text);
    }
    return true;
  }

  function startAnew(): void {
    store.set({ conversation: undefined, queue: [] });
    chat.put([]);
    composer.field.focus();
  }

  /** @param focus false when nobody asked for it */
  async function show(open: boolean, focus = true): Promise<void> {
    const { element, fullScreen } = panel;
    if (!open) return element.close();
    load();
    if (mode) await use("inline");
    else if (fullScreen.matches) await use("phone");
    if (element.open) return;
    panel.open(focus);
    store.set({ open });
    list.toEnd();
    emit("open");
  }

  async function load(): Promise<void> {
    if (config || loading) return;
    loading = true;
    intro.replaceChildren(h("div", "waiting", h("div", "box")));
    try {
      await told;
      // The page knows better: it may have the chat in its own language, or on its other side.
      const loaded: AgentConfig = { ...(await api.config()), ...options };
      const code = loaded.language.slice(0, 2);
      if (code !== "en") await use(`lang-${code}` as "language");
      config = loaded;
      panel.configure(loaded);
      composer.set(false);
      const { welcomeMessage, suggestedQuestions, placeholder } = loaded;
      await Promise.all(BY_CONFIG.map((name) => loaded[name] && loadPart(name)));
      if (loaded.appearance || loaded.position === "left") await loadPart("appearance");
      await restore();
      const chips = suggestedQuestions.map((text) => textButton(text, () => send(text)));
      intro.replaceChildren(
        h("p", { className: "box", dir: "auto", hidden: !welcomeMessage }, welcomeMessage),
        h("div", "below", ...chips),
      );
      composer.field.placeholder = placeholder;
      emit("ready");
      if (pending) send(pending);
    } catch (error) {
      config = undefined;
      intro.replaceChildren(h("div", "failed", h("div", "below", ...problem(error as ChatError, load))));
    }
    loading = false;
  }

  /** Tells visitor and page what went wrong. On a page where the agent may not be, visitors see no chat at all. */
  function problem(error: ChatError, retry: () => void): HTMLElement[] {
    const { code } = error;
    // Those that may come while nothing can be fetched.
    const known = words[code as "offline" | "network"] ?? "";
    const note = h("span", "", known);
    const button = textButton(words.retry, retry);
    emit("error", { code });
    announce(known);
    if (!known) use("refusal", error, note, button);
    if (code === "origin_not_allowed") destroy();
    return [note, button];
  }

  function destroy(): void {
    chat.leave();
    life.abort();
    host.remove();
    boot.run = ignore;
    const agents = window.alonchat?.agents ?? {};
    delete agents[agentId];
    if (window.alonchat?.boot !== boot) return;
    [window.alonchat] = Object.values(agents);
    if (!window.alonchat) delete window.alonchat;
  }

  const run = (...command: Command): unknown => {
    const [name, detail] = command;
    if (!/^(open|close|toggle|send)/.test(name)) return use("page", command);
    show(name === "toggle" ? !panel.element.open : name !== "close");
    if (detail) send(detail as string);
  };
  boot.run = (...command: Command) => {
    // In the order in which they were given; what is destroyed is gone at once.
    if (command[0] === "destroy") destroy();
    else told = told.then(() => run(...command));
  };

  addStyles(root, css);
  panel.element.append(status);
  root.append(panel.element);
  addEventListener("online", chat.wake, { signal });
  // Timers of a page that is not seen may sleep.
  addEventListener("visibilitychange", chat.wake, { signal });
  addEventListener(
    "storage",
    ({ key }) => {
      if (config && key === `alonchat:${agentId}`) use("sync");
    },
    { signal },
  );
  composer.set(false);
  for (const command of boot.queue) boot.run(...(command as unknown as Command));
  // On a phone the panel would cover the page that the visitor went to.
  if (mode || (store.get().open && !panel.fullScreen.matches)) show(true, false);
  else if (options.load || store.get().live) load();
}
