const SLOTS = Symbol.for("alonchat.slots");

/**
 * A place for one value in this process. A module's own variable is none: `npm start` is two bundles in one process, ours and Next's, which
 * both hold a copy of each module, and the development server loads modules anew after each change.
 */
export function processSlot<T>(name: string): { value?: T } {
  const holder = globalThis as { [SLOTS]?: Record<string, { value?: unknown }> };
  holder[SLOTS] ??= {};
  holder[SLOTS][name] ??= {};
  return holder[SLOTS][name] as { value?: T };
}
