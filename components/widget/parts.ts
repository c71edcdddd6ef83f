import { addStyles, vouchFor } from "./dom";
import type { Part, PartContext } from "./part";
import type { AgentConfig } from "./protocol";
import type { Words } from "./strings";

/** Every part by the name of its file in `parts/`. A new part is a file and a line here. */
export interface Parts {
  attachments: typeof import("./parts/attachments").default;
  csat: typeof import("./parts/csat").default;
  handover: typeof import("./parts/handover").default;
  leadForm: typeof import("./parts/leadForm").default;
  proactive: typeof import("./parts/proactive").default;
  appearance: typeof import("./parts/appearance").default;
  challenge: typeof import("./parts/challenge").default;
  consent: typeof import("./parts/consent").default;
  earlier: typeof import("./parts/earlier").default;
  feedback: typeof import("./parts/feedback").default;
  history: typeof import("./parts/history").default;
  inline: typeof import("./parts/inline").default;
  /** Whichever it is: its file is `lang-<code>`. */
  language: Part<object, () => void>;
  long: typeof import("./parts/long").default;
  marks: typeof import("./parts/marks").default;
  page: typeof import("./parts/page").default;
  phone: typeof import("./parts/phone").default;
  preview: typeof import("./parts/preview").default;
  rate: typeof import("./parts/rate").default;
  refusal: typeof import("./parts/refusal").default;
  rich: typeof import("./parts/rich").default;
  sync: typeof import("./parts/sync").default;
  unanswered: typeof import("./parts/unanswered").default;
  unread: typeof import("./parts/unread").default;
}

export type PartName = keyof Parts;

/**
 * Parts that are named like a field of the configuration: each is loaded with the configuration when that field says so
 * (is truthy), and not before. Others are loaded by what a visitor does.
 */
export const BY_CONFIG = "consent leadForm csat proactive attachments handover".split(" ") as (PartName &
  keyof AgentConfig)[];

/** Fetches a part when it is needed first, and mounts it. A failed fetch may be tried again. */
type Load<Name extends PartName> = (name: Name) => Promise<ReturnType<Parts[Name]["mount"]>>;

/** Loads a part that is a function, and calls it. When it cannot be fetched nothing happens: the chat goes on without. */
export type Use = <Name extends PartName>(
  name: Name,
  ...args: ReturnType<Parts[Name]["mount"]> extends (...args: infer Args) => unknown ? Args : never
) => Promise<unknown>;

/** Put in by the build: what the files of parts are called. */
declare const PARTS_HASH: string;
/** In a pinned version what each of them must hash to, else null. */
declare const INTEGRITY: Record<string, string> | null;

/** With another fragment a module that could not be fetched is asked for again. */
let attempt = "";

/** @param context what a part gets, without its own texts */
export function createParts(
  words: Words,
  root: ShadowRoot,
  context: () => Omit<PartContext, "strings" | "load">,
): <Name extends PartName>(name: Name) => ReturnType<Load<Name>> {
  const mounted: Record<string, Promise<unknown> | undefined> = {};
  const fetchPart = async (name: string): Promise<unknown> => {
    const { href } = new URL(`parts/${name}.${PARTS_HASH}.js${attempt}`, import.meta.url);
    if (INTEGRITY) vouchFor(href, INTEGRITY[name]!);
    try {
      const { strings, css, mount } = ((await import(href)) as { default: Part<object, unknown> }).default;
      if (css) addStyles(root, css);
      return mount({ ...context(), load, strings: { ...strings, ...words.parts?.[name] } });
    } catch (error) {
      attempt += "#";
      delete mounted[name];
      throw error;
    }
  };
  const load = (name: string) => (mounted[name] ??= fetchPart(name));
  return load as never;
}
