/** Zero-width characters, direction marks, tags and other code points that carry data nobody sees. Joiners are judged by their place. */
const HIDDEN =
  /\u034F|[\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]/gu;
/** Scripts that write with joiners, and emoji made of several. */
const JOINING =
  "\\p{Script=Arabic}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Tamil}\\p{Script=Malayalam}\\p{Extended_Pictographic}\\p{M}";
const LOOSE_JOINER = new RegExp(
  `(?<![${JOINING}])[\\u200C\\u200D]+|[\\u200C\\u200D]+(?![${JOINING}])|(?<=[\\u200C\\u200D])[\\u200C\\u200D]+`,
  "gu",
);

/** Text without what cannot be seen; joiners stay where a script or an emoji needs one. Nothing else is changed. */
export const withoutInvisible = (text: string): string =>
  /[^\0-\x7F]/.test(text) ? text.replace(HIDDEN, "").replace(LOOSE_JOINER, "") : text;
