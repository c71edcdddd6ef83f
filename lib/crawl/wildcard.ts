/**
 * Matches text against a pattern in which `*` stands for any run of characters, anchored at the start.
 * @param pieces the pattern split at its stars: `"/a*b".split("*")`
 * @param toEnd whether the pattern must also reach the end of the text
 *
 * Each piece between stars is taken at its leftmost place, which is always right for `*` alone. So there is no backtracking: time
 * grows with the text, whatever the pattern.
 */
export function matchesPieces(pieces: readonly string[], text: string, toEnd: boolean): boolean {
  const first = pieces[0] ?? "";
  if (!text.startsWith(first)) return false;
  if (pieces.length < 2) return !toEnd || text.length === first.length;
  const last = pieces.length - 1;
  let position = first.length;
  for (let i = 1; i < last; i++) {
    const piece = pieces[i] as string;
    const at = text.indexOf(piece, position);
    if (at < 0) return false;
    position = at + piece.length;
  }
  const tail = pieces[last] as string;
  if (!toEnd) return text.indexOf(tail, position) >= 0;
  return text.length - tail.length >= position && text.endsWith(tail);
}
