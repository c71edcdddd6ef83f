import type { Message } from "../chat";
import { forget, part } from "../part";
import type { Command, Context, Identity, Listener } from "../types";

const isKnown = (message: Message): boolean => message.role !== "visitor" && !!message.id;

/** What the page wants to hear, and what it tells of its visitor: who is signed in, and what they are looking at. */
export default part({
  strings: {},
  mount(context) {
    const { boot, api, chat, headers, store, signal } = context;
    const heard = new WeakMap<Listener, (event: Event) => void>();

    const identify = (user: Identity | null) => {
      for (const name of Object.keys(headers)) delete headers[name];
      if (user && "token" in user) headers["x-alonchat-identity"] = user.token;
      else if (user) Object.assign(headers, { "x-alonchat-user": user.userId, "x-alonchat-user-hash": user.userHash });
      else {
        // Signed out: what the next person at this browser writes is not the last one's, and is not about them.
        told = {};
        forget(context);
        chat.put([]);
      }
    };

    let told: Context = {};
    /** The conversation that knows it. */
    let toldTo: string | undefined;
    /** The server has a conversation from its first answer on. */
    const tell = () => {
      const { conversation } = store.get();
      if (toldTo === conversation || !Object.keys(told)[0] || !chat.messages.some(isKnown)) return;
      toldTo = conversation;
      api.send(`conversations/${conversation}/context`, { context: told }).catch((error) => {
        // With the next answer it is tried again, unless it can never be taken.
        if (error.code === "bad_request") console.error(`AlonChat: setContext: ${error.message}`);
        else toldTo = undefined;
      });
    };
    const setContext = (more: Context) => {
      told = Object.fromEntries(Object.entries({ ...told, ...more }).filter(([, value]) => value != null)) as Context;
      toldTo = undefined;
      tell();
    };
    boot.host.addEventListener("change", tell, { signal });

    return ([name, detail, listener]: Command): void => {
      if (name === "on" || name === "off") {
        const hear = heard.get(listener) ?? ((event: Event) => listener((event as CustomEvent).detail));
        heard.set(listener, hear);
        boot.host[name === "on" ? "addEventListener" : "removeEventListener"](detail, hear);
      }
      if (name === "identify") identify(detail);
      if (name === "setContext") setContext(detail);
    };
  },
});
