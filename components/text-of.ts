/** The text of a file in UTF-8, or in UTF-16 with its mark, as spreadsheets write both; null for any other. */
export function textOf(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  const charset =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}
