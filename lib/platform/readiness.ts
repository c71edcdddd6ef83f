/** A part that is away often does not refuse but is silent. */
const PATIENCE_MS = 3_000;
const KEPT_MS = 1_000;

/**
 * Whether each of these works now. One look at a time, shared by all who ask meanwhile and kept for a second, because strangers may ask as often as they
 * like; it ends after three seconds.
 */
export function readiness<Part extends string>(
  looks: Record<Part, () => Promise<unknown>>,
): () => Promise<Record<Part, boolean>> {
  let last: Promise<Record<Part, boolean>> | undefined;
  let staleAt = 0;
  return () => {
    if (last && performance.now() < staleAt) return last;
    staleAt = Number.POSITIVE_INFINITY;
    last = lookAt(looks).finally(() => {
      staleAt = performance.now() + KEPT_MS;
    });
    return last;
  };
}

async function lookAt<Part extends string>(
  looks: Record<Part, () => Promise<unknown>>,
): Promise<Record<Part, boolean>> {
  const parts = Object.keys(looks) as Part[];
  const found = await Promise.all(parts.map(async (part) => [part, await works(looks[part])] as const));
  return Object.fromEntries(found) as Record<Part, boolean>;
}

async function works(look: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("silent")), PATIENCE_MS);
  });
  try {
    await Promise.race([look(), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
