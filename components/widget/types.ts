/** The page's side: `alonchat(command, …)`. Works as soon as the loader ran, and before that with the stub of the snippet. */
export type Command =
  | ["open" | "close" | "toggle" | "destroy"]
  | ["send", string]
  | ["on", PageEvent, (detail?: unknown) => void];

/**
 * `ready` the conversation is shown · `open` and `close` the panel · `message` with `{ id, role, text }`, once sent or
 * finished · `error` with `{ code }`
 */
export type PageEvent = "ready" | "open" | "close" | "message" | "error";

/** What the loader hands to the widget. */
export interface Boot {
  agentId: string;
  /** Where AlonChat runs, taken from the script's own address. */
  origin: string;
  host: HTMLElement;
  root: ShadowRoot;
  bubble: HTMLButtonElement;
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
};

declare global {
  interface Window {
    alonchat?: AlonChat;
  }
}
