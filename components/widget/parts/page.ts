import { forget, part } from "../part";
import type { Command, Identity, Listener } from "../types";

/** What the page wants to hear, and what it tells of its visitor: who is signed in, and what they are looking at. */
export default part({
  strings: {},
  mount(context) {
    const { boot, chat, headers } = context;
    const heard = new WeakMap<Listener, (event: Event) => void>();

    const identify = (user: Identity | null) => {
      for (const name of Object.keys(headers)) delete headers[name];
      if (user && "token" in user) headers["x-alonchat-identity"] = user.token;
      else if (user) Object.assign(headers, { "x-alonchat-user": user.userId, "x-alonchat-user-hash": user.userHash });
      else {
        // Signed out: what the next person at this browser writes is not the last one's.
        forget(context);
        chat.put([]);
      }
    };

    return ([name, detail, listener]: Command): void => {
      if (name === "on" || name === "off") {
        const hear = heard.get(listener) ?? ((event: Event) => listener((event as CustomEvent).detail));
        heard.set(listener, hear);
        boot.host[name === "on" ? "addEventListener" : "removeEventListener"](detail, hear);
      }
      if (name === "identify") identify(detail);
    };
  },
});
