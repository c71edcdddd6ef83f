/**
 * What the widget remembers between pages: one entry of localStorage per agent, written for the first time when the
 * visitor sends a message. Where storage is blocked or full the same values live in memory until the page goes.
 * The loader reads `open` and `accent` from the same entry.
 */
export interface Remembered {
  /** 32 hex characters that only this browser knows. */
  visitor?: string;
  /** The conversation to continue. */
  conversation?: string;
  open?: boolean;
  /** The agent's colour, so that the bubble has it before the configuration is loaded. */
  accent?: string;
}

export interface Store {
  get(): Remembered;
  /** Merges `change` and writes it, unless nothing was ever sent: then it stays in memory. */
  set(change: Remembered): void;
}

export function openStore(agentId: string): Store {
  const key = `alonchat:${agentId}`;
  let memory: Remembered = {};
  try {
    memory = { ...JSON.parse(localStorage[key]) };
  } catch {}
  return {
    get: () => memory,
    set(change) {
      memory = { ...memory, ...change };
      if (!memory.visitor) return;
      try {
        localStorage[key] = JSON.stringify(memory);
      } catch {}
    },
  };
}

/** 128 random bits. `crypto.randomUUID` exists only on secure pages, `getRandomValues` everywhere. */
export const randomHex = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte + 256).toString(16).slice(1)).join("");

/** A UUID of version 4 with 120 random bits. */
export const randomUuid = (): string => randomHex().replace(/(.{8})(.{4}).(.{3}).(.{3})(.+)/, "$1-$2-4$3-a$4-$5");
