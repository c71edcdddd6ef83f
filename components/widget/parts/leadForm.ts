import { h, textButton } from "../dom";
import { beginConversation, part, place, rememberPart } from "../part";
import type { LeadField, StoredConversation } from "../protocol";
import css from "./leadForm.css?inline";

const INPUTS = {
  name: ["text", "name"],
  email: ["email", "email"],
  phone: ["tel", "tel"],
  text: ["text", "off"],
} as const;
/** As the server checks it: seven to fifteen digits with the usual marks between them. */
const isPhone = (value: string) => /^\+?[\d\s().\-/]{7,30}$/.test(value) && /^(\D*\d){7,15}\D*$/.test(value);

/** Asks the visitor how to be reached, at the moment that the agent's people chose; once a conversation. */
export default part({
  css,
  strings: {
    missing: "Please fill this in.",
    email: "This is not an e-mail address.",
    phone: "This is not a telephone number.",
    consent: "Please agree, otherwise nothing can be kept.",
    optional: "optional",
    send: "Send",
    skip: "Not now",
    thanks: "Thank you. We will get back to you.",
    failed: "It could not be sent. Please try again.",
  },
  mount(context) {
    const { boot, config, api, store, strings, end, send, announce, signal } = context;
    const form = config.leadForm;
    if (!form) return;
    const { host } = boot;
    /** What the visitor was about to send before the form came. */
    let waiting = "";
    let card: HTMLElement | undefined;
    const first = form.when === "before_first_message";
    const isDone = () => {
      const { conversation, parts } = store.get();
      return !!conversation && parts?.leadForm === conversation;
    };

    const field = ({ key, label, type, required }: LeadField) => {
      const [kind, autocomplete] = INPUTS[type];
      const input = h("input", { type: kind, name: key, autocomplete, required, maxLength: 500, dir: "auto" });
      const note = h("small", { className: "wrong", role: "alert" });
      const check = (): boolean => {
        const value = input.value.trim();
        note.textContent = !value
          ? required
            ? strings.missing
            : ""
          : type === "email" && !/^[^\s@]+@[^\s@.]+\.[^\s@]+$/.test(value)
            ? strings.email
            : type === "phone" && !isPhone(value)
              ? strings.phone
              : "";
        input.ariaInvalid = `${!!note.textContent}`;
        return !note.textContent;
      };
      const name = h("span", { dir: "auto" }, required ? label : `${label} (${strings.optional})`);
      return { key, input, check, element: h("label", "", name, input, note) };
    };

    const close = () => {
      card?.remove();
      card = undefined;
    };
    const goOn = () => {
      host.removeEventListener("beforesend", hold);
      const text = waiting;
      waiting = "";
      if (!text) return;
      context.panel.querySelector("textarea")!.value = "";
      send(text);
    };

    const show = () => {
      if (card || isDone()) return;
      const fields = form.fields.map(field);
      const agreed = h("input", { type: "checkbox", name: "consent" });
      const note = h("small", { className: "wrong", role: "alert" });
      const submit = async (event: Event) => {
        event.preventDefault();
        note.textContent = "";
        const wrong = fields.filter(({ check }) => !check());
        if (wrong[0]) return wrong[0].input.focus();
        if (!agreed.checked) {
          note.textContent = strings.consent;
          return agreed.focus();
        }
        button.disabled = true;
        const conversationId = beginConversation(store);
        const values = Object.fromEntries(
          fields.flatMap(({ key, input }) => (input.value.trim() ? [[key, input.value.trim()]] : [])),
        );
        try {
          await api.send("leads", { conversationId, values, consent: true });
          rememberPart(store, "leadForm", conversationId);
          close();
          const thanks = h("p", "lead-done", strings.thanks);
          end.append(thanks);
          thanks.scrollIntoView({ block: "nearest" });
          announce(strings.thanks);
          goOn();
        } catch (error) {
          const { code, message } = error as { code: string; message: string };
          note.textContent = code === "bad_request" ? message : strings.failed;
          button.disabled = false;
        }
      };
      const button = h("button", { className: "pill" }, strings.send);
      // Who must answer before the first message may still leave, not go on.
      const skip = first && form.fields.some(({ required }) => required);
      card = h(
        "form",
        { className: "lead", noValidate: true, ariaLabel: form.title, onsubmit: submit },
        h("b", { dir: "auto" }, form.title),
        ...fields.map(({ element }) => element),
        h("label", "agree", agreed, h("span", { dir: "auto" }, form.consentText)),
        note,
        h(
          "div",
          "below",
          button,
          ...(skip
            ? []
            : [
                textButton(
                  strings.skip,
                  () => {
                    close();
                    goOn();
                  },
                  "copy",
                ),
              ]),
        ),
      );
      if (first) place(context, "above", card);
      else end.append(card);
      card.scrollIntoView({ block: "nearest" });
      announce(form.title);
      if (first) fields[0]!.input.focus();
    };

    const hold = (event: Event) => {
      if (isDone() || context.chat.messages[0]) return;
      event.preventDefault();
      waiting = (event as CustomEvent<string>).detail;
      show();
    };
    const hear = (name: string, listener: (detail: { status?: string; state?: string } | null) => void) =>
      host.addEventListener(name, (event) => listener((event as CustomEvent).detail), { signal });

    if (first) host.addEventListener("beforesend", hold, { signal });
    if (form.when === "on_no_answer") hear("change", (message) => message?.status === "no_answer" && show());
    if (form.when === "on_handover") hear("handover", (detail) => detail?.state === "waiting" && show());
    // For pages: document.querySelector("alonchat-widget").dispatchEvent(new Event("leadform"))
    hear("leadform", () => {
      context.show(true);
      show();
    });
    hear("conversation", (found) => {
      const { hasLead } = (found ?? {}) as StoredConversation;
      if (hasLead) rememberPart(store, "leadForm", store.get().conversation);
    });
  },
});
