import type { Message } from "../chat";
import { h, setIcon, textButton } from "../dom";
import { beginConversation, part, place } from "../part";
import type { StoredConversation } from "../protocol";
import { listen } from "../realtime";
import { fill } from "../strings";
import css from "./handover.css?inline";

const PERSON = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c0-4 3.600-6 8-6s8 2 8 6";
/** While nobody tells us, and while somebody would. A person may also take over unasked. */
const POLL_MS = 4_000;
const CHECK_MS = 20_000;
const TELL_EVERY_MS = 3_000;
const TYPING_LASTS_MS = 5_000;

/** A person: asked for, awaited, there, typing, gone. Nudged over the conversation's channel, asking every few seconds without it. */
export default part({
  css,
  strings: {
    ask: "Talk to a person",
    waiting: "You are waiting for a person. The assistant goes on answering meanwhile.",
    away: "Nobody is there right now.",
    joined: "{name} has joined the conversation.",
    typing: "{name} is typing…",
    left: "You are talking to the assistant again.",
    closed: "This conversation was closed. Write to begin again.",
    failed: "It did not work. Please try again.",
  },
  mount(context) {
    const { boot, config, api, chat, store, strings, end, composer, panel, load, emit, announce, signal } = context;
    const { host } = boot;
    const mayAsk = config.handoverOnRequest !== false;
    let state: StoredConversation["state"] = "agent";
    let name = "";
    let line: ReturnType<typeof listen> | undefined;
    let topic = "";
    let typing: ReturnType<typeof setTimeout> | undefined;
    let toldAt = 0;

    const banner = h("p", { className: "person", hidden: true, dir: "auto" });
    place(context, "top", banner);
    const say = (text: string, className = "", aloud = true) => {
      if (banner.textContent === text) return;
      banner.textContent = text;
      banner.className = `person ${className}`;
      banner.hidden = !text;
      if (aloud && text) announce(text);
    };
    const withdraw = () => {
      for (const offer of end.querySelectorAll(".offer")) offer.remove();
    };
    const showState = (before = state) => {
      const there = state === "waiting" || state === "human";
      button.hidden = there || !mayAsk;
      if (there) withdraw();
      const { hours } = config;
      const away = state === "waiting" && hours?.online === false ? ` ${strings.away} ${hours.note}` : "";
      if (state === "waiting") say(strings.waiting + away, "waits");
      if (state === "human") say(fill(strings.joined, { name }), "there");
      if (state === "closed") say(strings.closed);
      if (state === "agent") say(before === "human" ? strings.left : "");
      // The widget comes with the next page, for what may be said there.
      if (!!store.get().live !== there) store.set({ live: there });
      if (there && topic && !line) connect();
      if (!there) {
        line?.close();
        line = undefined;
      }
      if (state !== before) emit("handover", { state, operator: name || null });
    };

    let asking = false;
    let again = false;
    /** Asks for what is new; once more when something happened meanwhile. */
    const refresh = async (): Promise<void> => {
      again = asking;
      if (asking || !store.get().conversation) return;
      asking = true;
      await load("sync")
        .then((conversation) => (conversation as { refresh(): Promise<void> }).refresh())
        .catch(() => {});
      asking = false;
      if (again) await refresh();
    };
    const take = (found: StoredConversation) => {
      const before = state;
      state = found.state ?? "agent";
      name = found.operator?.name ?? "";
      if (found.live && found.live.topic !== topic) {
        line?.close();
        line = undefined;
        topic = found.live.topic;
        channel = found.live;
      }
      showState(before);
    };
    let channel: StoredConversation["live"];
    const connect = () => {
      if (!channel) return;
      line = listen(channel, signal, (event, payload) => {
        if (event === "joined" || event === "message" || event === "state") {
          if (event === "message") stopTyping();
          void refresh();
        }
        if (event === "typing" && payload?.from === "operator" && state === "human") {
          say(fill(strings.typing, { name }), "there", false);
          clearTimeout(typing);
          typing = setTimeout(stopTyping, TYPING_LASTS_MS);
        }
      });
    };
    const stopTyping = () => {
      clearTimeout(typing);
      if (state === "human") say(fill(strings.joined, { name }), "there", false);
    };

    const ask = async () => {
      // Whoever asks for consent or a form first is asked before a person, too.
      if (!emit("beforesend", "")) return;
      button.disabled = true;
      try {
        await api.send(`conversations/${beginConversation(store)}/handover`, {});
        state = "waiting";
        showState("agent");
        await refresh();
      } catch (error) {
        const { code, message } = error as { code: string; message: string };
        say(code === "conflict" ? message : strings.failed, "wrong");
      }
      button.disabled = false;
    };
    const button = setIcon(textButton("", ask, "icon human"), PERSON, strings.ask);
    button.hidden = !mayAsk;
    place(context, "tools", button);

    const hear = <T>(event: string, listener: (detail: T) => void) =>
      host.addEventListener(event, (given) => listener((given as CustomEvent<T>).detail), { signal });
    hear<StoredConversation>("conversation", take);
    hear<Message | undefined>("change", (message) => {
      if (!chat.messages[0] && !store.get().conversation) {
        // Another conversation, which nobody has taken over.
        topic = "";
        take({ messages: [] });
      }
      const { status } = message ?? {};
      if (!message) withdraw();
      // A message without an answer: a person has it. And one after the end takes the conversation back to the agent.
      if (!message && !chat.running && chat.messages.at(-1)?.role === "visitor") void refresh();
      if (state === "closed" && status === "complete") void refresh();
      // One of the words that call for a person may have been said.
      if (state === "agent" && /complete|no_answer/.test(status ?? "")) void refresh();
      if (status === "no_answer" && mayAsk && state === "agent" && message === chat.messages.at(-1)) {
        withdraw();
        // Above a form, whichever of the two was loaded first.
        end.prepend(h("div", "offer", textButton(strings.ask, ask)));
      }
    });
    hear("close", stopTyping);
    composer.addEventListener("input", () => {
      if (state !== "human" || Date.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = Date.now();
      line?.send("typing", { from: "visitor" });
    });

    let lookedAt = Date.now();
    const timer = setInterval(() => {
      if (document.hidden) return;
      const there = state === "waiting" || state === "human";
      if (!there && !panel.open) return;
      if (Date.now() - lookedAt < (there && !line?.joined ? POLL_MS : CHECK_MS)) return;
      lookedAt = Date.now();
      void refresh();
    }, 1_000);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      clearTimeout(typing);
    });
  },
});
