import type { ChunkKind } from "../schema";

/** What measured best for ranking: passages of about 1,500 characters (smaller lose context, larger dilute it). */
export const TARGET_SIZE = 1_500;

/** Upper bounds, UTF-8 bytes. A single code fence may be four times its bound before it is cut at a line end. */
export const MAX_BYTES: Record<ChunkKind, number> = {
  code: 2_048,
  docs: 4_096,
  text: 4_096,
  table: 4_096,
  qa: 4_096,
  legal: 8_192,
};
export const MAX_FENCE_BYTES = 4 * MAX_BYTES.code;

export const byteLength = (text: string): number => Buffer.byteLength(text, "utf8");

/**
 * Size compared with TARGET_SIZE: characters, or ¾ of the UTF-8 bytes when that is more, so that Chinese passages, which say more per
 * character, come out shorter. A text of the target size has at most 2,000 bytes and so is within every bound.
 */
export const sizeOf = (text: string): number => Math.max(text.length, Math.ceil(byteLength(text) * 0.75));

/** What is left at the end of a section joins the passage before it when it is smaller than this … */
export const SMALL_TAIL_SIZE = 250;
/** … and the passage stays under this many times the target. */
export const TAIL_FACTOR = 1.3;
