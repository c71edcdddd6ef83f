/** One text for each plural category of its language, as `Intl.PluralRules` names them; `{n}` is the number. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Every text of the widget that is not the agent's own. Other languages are modules of the same shape, in `languages/`. */
export const english = {
  language: "en",
  open: "Open chat",
  close: "Close chat",
  subtitle: "AI assistant",
  conversation: "Conversation",
  message: "Your question",
  send: "Send",
  stop: "Stop answering",
  stopped: "You stopped this answer.",
  retry: "Try again",
  poweredBy: "Powered by",
  you: "You said:",
  answered: "{name} said:",
  source: "Source {number}: {title}",
  offline: "You are offline. Your question waits for the connection.",
  reconnecting: "The connection was lost. Trying again…",
  network: "The connection was lost. Your question is kept.",
  anew: "New conversation",
  history: "Earlier conversations",
  sources: "Sources",
  copy: "Copy",
  copied: "Copied",
  up: "Good answer",
  down: "Bad answer",
};

export type Strings = Omit<typeof english, "language">;

/** The texts of one widget, and their language. Changed in place when the agent's language has been loaded. */
export type Words = Strings & {
  language: string;
  /** Of the parts, by their name; English is in the parts themselves. */
  parts?: Record<string, object>;
};

/** Puts values where `{name}` stands. */
export const fill = (text: string, values: Record<string, unknown>): string =>
  text.replace(/\{(\w+)\}/g, (_, name) => `${values[name]}`);

export const plural = (forms: Plural, n: number, language: string): string =>
  fill(forms[new Intl.PluralRules(language).select(n)] ?? forms.other, { n: n.toLocaleString(language) });
