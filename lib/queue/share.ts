import { type JobHandler, runAgainIn } from "./worker";

const PATIENCE_MS = 1_000;

/**
 * Lets no owner have more than `limit` jobs under way in this process, so that the worker's other places are left for other owners even
 * while all of one owner's jobs wait for a slow site. One job more waits here for an end of another, as is best for short ones; what
 * would have to wait longer goes back into the queue.
 * @param ownerOf whose job it is: the tenant
 */
export function shareFairly<P>(limit: number, ownerOf: (payload: P) => string, handle: JobHandler<P>): JobHandler<P> {
  const owners = new Map<string, { running: number; waiting: (() => void)[] }>();
  return async (payload, context) => {
    const owner = ownerOf(payload);
    const share = owners.get(owner) ?? { running: 0, waiting: [] };
    owners.set(owner, share);
    if (share.running < limit) share.running++;
    else if (!(await turn(share.waiting, context.signal))) return runAgainIn(PATIENCE_MS);
    try {
      return await handle(payload, context);
    } finally {
      // The place is handed over rather than given back, so that nobody comes in between.
      const next = share.waiting.shift();
      if (next) next();
      else if (--share.running === 0) owners.delete(owner);
    }
  };
}

/** True when a place became free, false when that took too long. */
function turn(waiting: (() => void)[], signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isFree: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      const at = waiting.indexOf(begin);
      if (at >= 0) waiting.splice(at, 1);
      resolve(isFree);
    };
    const begin = () => settle(true);
    const giveUp = () => settle(false);
    const timer = setTimeout(giveUp, PATIENCE_MS);
    signal.addEventListener("abort", giveUp, { once: true });
    waiting.push(begin);
  });
}
