/**
 * What the widget remembers between pages: one entry of localStorage per agent, written for the first time when the
 * visitor sends a message. Where storage is blocked or full the same values live in memory until the page goes.
 * The loader reads `open`, `live`, `accent` and `side` from the same entry.
 */
export interface Remembered {
  /** 32 hex characters that only this browser knows. */
  visitor?: string;
  /** The conversation to continue. */
  conversation?: string;
  /** Questions of it that have no answer yet, oldest first: sent again when the connection or the page comes back. */
  queue?: { id: string; text: string }[];
  open?: boolean;
  /** Something may happen while the panel is closed (a person answers): the widget is loaded with the page. */
  live?: boolean;
  /** As the agent's configuration had it, so that the bubble need not wait for that. */
  accent?: string;
  side?: string | null;
  /** What parts remember, by their name. */
  parts?: Record<string, unknown>;
}

export interface Store {
  get(): Remembered;
  /** Merges `change` and writes it, unless nothing was ever sent: then it stays in memory. */
  set(change: Remembered): void;
  /** Takes over what stands there now: another tab wrote, or it was deleted. */
  reload(): void;
}

export function openStore(agentId: string): Store {
  const key = `alonchat:${agentId}`;
  let memory: Remembered;
  const reload = () => {
    memory = {};
    try {
      memory = { ...JSON.parse(localStorage[key]) };
    } catch {}
  };
  reload();
  return {
    get: () => memory,
    reload,
    set(change) {
      memory = { ...memory, ...change };
      if (!memory.visitor) return;
      try {
        localStorage[key] = JSON.stringify(memory);
      } catch {}
    },
  };
}

/** A UUID of version 4 with 120 random bits. `crypto.randomUUID` exists only on secure pages, `getRandomValues` everywhere. */
export const randomUuid = (): string =>
  "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx".replace(/x/g, () =>
    (crypto.getRandomValues(new Uint8Array(1))[0]! % 16).toString(16),
  );

/** A visitor's key: so many random bits as a UUID has. */
export const randomKey = (): string => randomUuid().replaceAll("-", "");
