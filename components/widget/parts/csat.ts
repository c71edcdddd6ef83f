import { h, textButton } from "../dom";
import { part, rememberPart } from "../part";
import type { StoredConversation } from "../protocol";
import { fill } from "../strings";
import css from "./csat.css?inline";

/** A conversation of fewer answers is not asked about when the panel is closed. */
const MIN_ANSWERS = 2;

/** How was it, one to five: after a person closed the conversation, or when the visitor comes back after closing the panel. */
export default part({
  css,
  strings: {
    title: "How was this conversation?",
    score: "{n} of 5",
    worst: "Bad",
    best: "Very good",
    comment: "Say more (optional)",
    send: "Send",
    skip: "Not now",
    thanks: "Thank you for your rating.",
    failed: "It could not be sent. Please try again.",
  },
  mount({ boot: { host }, api, chat, store, strings, end, announce, signal }) {
    let card: HTMLElement | undefined;

    const show = () => {
      const { conversation, parts } = store.get();
      if (card?.isConnected || !conversation || parts?.csat === conversation) return;
      let score = 0;
      const comment = h("textarea", { rows: 2, maxLength: 1000, dir: "auto", ariaLabel: strings.comment });
      comment.placeholder = strings.comment;
      const note = h("small", { className: "wrong", role: "alert" });
      const more = h("div", { className: "more", hidden: true }, comment, note);
      const stars = [1, 2, 3, 4, 5].map((n) => {
        const label = fill(strings.score, { n });
        const input = h("input", {
          type: "radio",
          name: "score",
          value: `${n}`,
          ariaLabel: label,
          onchange() {
            score = n;
            for (const [i, star] of stars.entries()) star.className = i < n ? "on" : "";
            more.hidden = send.hidden = false;
            card?.scrollIntoView({ block: "nearest" });
          },
        });
        return h("label", { title: label }, input, "★");
      });
      const finish = () => {
        rememberPart(store, "csat", conversation);
        card?.remove();
      };
      const submit = async (event: Event) => {
        event.preventDefault();
        send.disabled = true;
        try {
          const said = comment.value.trim();
          await api.send(`conversations/${conversation}/survey`, { score, ...(said && { comment: said }) });
          finish();
          end.append(h("p", "csat-done", strings.thanks));
          announce(strings.thanks);
        } catch (error) {
          // Rated in another tab.
          if ((error as { code?: string }).code === "conflict") return finish();
          note.textContent = strings.failed;
          send.disabled = false;
        }
      };
      const send = h("button", { className: "pill", hidden: true }, strings.send);
      card = h(
        "form",
        { className: "csat", ariaLabel: strings.title, onsubmit: submit },
        h("b", "", strings.title),
        h("div", { className: "stars", role: "radiogroup", ariaLabel: strings.title }, ...stars),
        h("small", "ends", h("span", "", strings.worst), h("span", "", strings.best)),
        more,
        h("div", "below", send, textButton(strings.skip, finish, "copy")),
      );
      end.append(card);
      card.scrollIntoView({ block: "nearest" });
      announce(strings.title);
    };

    host.addEventListener(
      "conversation",
      (event) => {
        const { state, hasSurvey } = ((event as CustomEvent).detail ?? {}) as StoredConversation;
        if (hasSurvey) rememberPart(store, "csat", store.get().conversation);
        else if (state === "closed") show();
      },
      { signal },
    );
    host.addEventListener(
      "close",
      () => {
        const answers = chat.messages.filter(({ role, status }) => role !== "visitor" && status === "complete").length;
        if (answers >= MIN_ANSWERS) show();
      },
      { signal },
    );
    // Another conversation is not rated for this one.
    host.addEventListener("change", () => chat.messages[0] || card?.remove(), { signal });
  },
});
