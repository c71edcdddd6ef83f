/** 0 unknown, 1 no, 2 yes; by UTF-16 code unit, filled as they are met. */
const known = new Uint8Array(0x10000);
const WORD = /^[\p{L}\p{N}]$/u;

/**
 * Whether a UTF-16 code unit belongs to a word: a letter or a digit of any script. Halves of what needs two units count as letters, so that
 * rare scripts are words as well. For loops over whole pages, where a Unicode pattern for each character costs more than all the rest.
 */
export function isWordCode(code: number): boolean {
  const state = known[code]!;
  if (state !== 0) return state === 2;
  const isWord = (code >= 0xd800 && code <= 0xdfff) || WORD.test(String.fromCharCode(code));
  known[code] = isWord ? 2 : 1;
  return isWord;
}
