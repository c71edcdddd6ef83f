import type { ChatError } from "../api";
import { part } from "../part";
import { type Plural, plural } from "../strings";

const unavailable = "The assistant is not available right now. Please come back later.";

/** What a refusal of the server means: to the visitor in words and seconds, to the owner of the page in its console. */
export default part({
  strings: {
    rate_limited: "Too many questions in a short time.",
    upstream_busy: "The assistant is busy right now.",
    plan_limit: unavailable,
    agent_unavailable: unavailable,
    internal: "Something went wrong on our side.",
    wait: { one: "You can try again in {n} second.", other: "You can try again in {n} seconds." } as Plural,
  },
  mount({ boot: { agentId }, strings, words, announce }) {
    const advice: Record<string, string> = {
      agent_unavailable: `agent ${agentId} is not available; check data-agent in the snippet`,
      origin_not_allowed: `this page's domain (${location.host}) is not among the allowed domains of agent ${agentId}; add it in the dashboard under Install → Allowed domains`,
      identity_invalid: `the identity given to alonchat("identify", …) is not valid for agent ${agentId}; check the secret it is signed with, the user's id, and whether the token has expired`,
    };

    /** @param note gets the words @param retry may be pressed when the server would take it again */
    return ({ code, message, retryAt }: ChatError, note: HTMLElement, retry: HTMLButtonElement): void => {
      const known = strings[code as keyof typeof strings];
      // For what is not known here the server's own words are shown.
      const text = typeof known === "string" ? known : message;
      if (advice[code]) console.error(`AlonChat: ${advice[code]}`);
      const tick = () => {
        const seconds = Math.ceil((retryAt - performance.now()) / 1000);
        retry.disabled = seconds > 0;
        note.textContent = retry.disabled ? `${text} ${plural(strings.wait, seconds, words.language)}` : text;
        if (retry.disabled && note.isConnected) setTimeout(tick, 500);
      };
      tick();
      announce(note.textContent!);
    };
  },
});
