/** The page's side: `alonchat(command, …)`. Works as soon as the loader ran, and before that with the stub of the snippet. */
export type Command =
  | ["open" | "close" | "toggle" | "destroy"]
  | ["sendMessage" | "send", string]
  | ["on" | "off", PageEvent, Listener]
  | ["identify", Identity | null]
  | ["setContext", Context];

/**
 * `ready` the conversation is shown · `open` and `close` the panel · `message` with `{ id, role, text }`, once sent or
 * finished · `unread` with `{ count }` · `error` with `{ code }`. Parts add their own.
 */
export type PageEvent = "ready" | "open" | "close" | "message" | "unread" | "error" | (string & {});

export type Listener = (detail?: unknown) => void;

/** Who is signed in on the page, vouched for by its server with the agent's secret. */
export type Identity = { token: string } | { userId: string; userHash: string };

/** What the page tells of its visitor, for the people who answer: up to twenty short values. Null takes one back. */
export type Context = Record<string, string | number | boolean | null>;

/** What the loader hands to the widget. */
export interface Boot {
  agentId: string;
  /** Where AlonChat runs, taken from the script's own address. */
  origin: string;
  host: HTMLElement;
  root: ShadowRoot;
  bubble: HTMLButtonElement;
  /** The snippet's `data-` attributes; what is called like a field of the configuration takes its place. */
  options: { mode?: string; load?: string; language?: string };
  /** Commands given before the widget was there, oldest first. */
  queue: ArrayLike<unknown>[];
  /** Set by the widget: takes every later command. */
  run?: (...command: Command) => void;
}

export type AlonChat = ((...command: Command) => void) & {
  /** Of the stub. */
  q?: ArrayLike<unknown>[];
  /** Of the loader. */
  boot?: Boot;
  /** Every agent on the page by its id, the first one too. */
  agents?: Record<string, AlonChat>;
};

declare global {
  interface Window {
    alonchat?: AlonChat;
  }
}
