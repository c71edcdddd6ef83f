import type { Api } from "./api";
import type { Chat } from "./chat";
import type { AgentConfig, StoredConversation } from "./protocol";
import { randomKey, randomUuid, type Store } from "./store";
import type { Words } from "./strings";
import type { Boot, PageEvent } from "./types";

/** What a part may use. What it imports of the core comes with it once more: types,
 * and of code only what is small (`dom.ts`, `strings.ts`). */
export interface PartContext<PartStrings = unknown> {
  boot: Boot;
  config: AgentConfig;
  api: Api;
  /** Of every request of this visitor. */
  headers: Record<string, string>;
  chat: Chat;
  store: Store;
  /** The conversation as the server has it, and showing that, see `resume.ts`. */
  read(query?: string): Promise<StoredConversation | undefined>;
  restore(): Promise<void>;
  /** The part's own texts, in the agent's language. */
  strings: PartStrings;
  /** The widget's texts and their language. */
  words: Words;
  /** The dialog; the list of messages and the field with its buttons, which a view of its own may hide. */
  panel: HTMLDialogElement;
  log: HTMLElement;
  composer: HTMLElement;
  /** Empty, after the last message. */
  end: HTMLElement;
  /**
   * Tells the page and the other parts, which listen on `boot.host`. Besides the page's events there are `change` (its
   * detail is the message that changed; none when the list did) and `beforesend` (its detail is the text; prevented, the
   * text stays in the field, and whoever prevented it may `send` it later).
   */
  emit(event: PageEvent, detail?: unknown): boolean;
  /** Says a text to screen readers, without moving the focus. */
  announce(text: string): void;
  /** As the visitor would. */
  send(text: string): boolean;
  /** Opens or closes the panel. */
  show(open: boolean): void;
  /** Another part, when this one needs it. */
  load(name: string): Promise<unknown>;
  /** Aborted by `destroy`: give it to every listener outside of the panel, every timer and request. */
  signal: AbortSignal;
}

export interface Part<PartStrings, Face> {
  /** In English; the other languages have theirs in `languages/*.ts` under `parts.<name>`. */
  strings: PartStrings;
  css?: string;
  /** Called once per widget. What it returns is what `load` resolves to. */
  mount(context: PartContext<PartStrings>): Face;
}

/** Gives a part its types; costs nothing. */
export const part = <PartStrings, Face>(definition: Part<PartStrings, Face>): Part<PartStrings, Face> => definition;

/** Where a part may show something: under the header, over the question's field, before its button, over the bubble. */
type Place = "top" | "above" | "tools" | "launcher";

/** Puts an element in one of those places; `remove()` takes it out again. At the end of the list there is `end`. */
export function place(
  { panel, composer, boot }: Pick<PartContext, "panel" | "composer" | "boot">,
  where: Place,
  element: HTMLElement,
): void {
  if (where === "top") panel.querySelector("header")!.after(element);
  if (where === "above") composer.before(element);
  if (where === "tools") composer.lastElementChild!.before(element);
  if (where === "launcher") boot.root.append(element);
}

/** Forgets all that this browser knows of the visitor. */
export function forget({ store, boot }: Pick<PartContext, "store" | "boot">): void {
  try {
    delete localStorage[`alonchat:${boot.agentId}`];
  } catch {}
  store.reload();
}

/** The conversation that a form, a file or a call for a person belongs to; the visitor becomes known with it, as with a question. */
export function beginConversation(store: Store): string {
  const { visitor = randomKey(), conversation = randomUuid() } = store.get();
  store.set({ visitor, conversation });
  return conversation;
}

export const rememberPart = (store: Store, name: string, value: unknown): void =>
  store.set({ parts: { ...store.get().parts, [name]: value } });
