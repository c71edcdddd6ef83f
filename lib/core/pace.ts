const MIN_MS = 40;
const MAX_MS = 100;
/** With ten more streams under way, six milliseconds more. */
const MS_PER_STREAM = 0.6;

/**
 * How long pieces of a running answer may be held together before they go on. A write, and what wakes up for it at the other end, costs a busy
 * process most of its time, so the pause grows with the answers under way: 40 ms for one, 100 ms (ten a second) for a hundred and more.
 */
export const gatherMs = (openStreams: number): number => Math.min(MIN_MS + MS_PER_STREAM * openStreams, MAX_MS);
