const ABBREVIATION =
  /(?:^|[\s("'„“])(?:\p{L}|e\.g|i\.e|z\.B|u\.a|d\.h|p\.ex|nr|dr|mr|mrs|ms|prof|st|approx|ca|bzw|inkl|exkl|incl|excl|art|abs|vs|tel|min|max|fig|pp?|sr|sra|av|ext|str)\.$/iu;
/** An end, what closes behind it, and the citations that belong to it; the white space behind tells that it is over. */
const END = /(?:[.!?…]+["'”»’)*_]*(?: ?\[\d{1,3}\])*(?=\s)|[。！？](?:["”」』）)])*(?: ?\[\d{1,3}\])*)/gu;

/**
 * Where the first sentence of a text ends, or -1 while that cannot be told. A line is a sentence at most; so is a cell of a table.
 * White space behind belongs to it, and citations that follow the full stop.
 * @param inRow the text begins inside a row of a table
 */
export function sentenceEnd(text: string, inRow: boolean): number {
  const newline = text.indexOf("\n");
  const line = newline < 0 ? text : text.slice(0, newline + 1);
  if (inRow) {
    const bar = /(?<!\\)\|/.exec(line)?.index ?? -1;
    return bar < 0 ? (newline < 0 ? -1 : newline + 1) : bar + 1;
  }
  for (const match of line.matchAll(END)) {
    const end = match.index + match[0].length;
    const before = line.slice(0, match.index + 1);
    if (isInside(line.slice(0, end))) continue;
    if (/[。！？]/.test(match[0])) {
      if (end < line.length) return end;
      continue;
    }
    const gap = /^[^\S\n]+/.exec(line.slice(end))?.[0].length ?? 0;
    const next = line.slice(end + gap);
    if (next === "") continue; // Citations or a small letter may follow.
    if (/^\[\d{0,3}$/.test(next)) return -1;
    const cited = /^(?:\[\d{1,3}\] ?)+/.exec(next)?.[0] ?? "";
    const after = next.slice(cited.length);
    if (cited && after === "") continue;
    if (/^\p{Ll}/u.test(after) && match[0].startsWith(".")) continue;
    if (match[0].startsWith(".") && (ABBREVIATION.test(before) || /(?:^|\s)\d{1,2}\.$/.test(before))) continue;
    return end + gap + cited.length;
  }
  return newline < 0 ? -1 : newline + 1;
}

/** An open tag, or a link that is not closed: a full stop there ends nothing. */
const isInside = (text: string): boolean =>
  /<[a-z!/][^>]*$/i.test(text) || /\[[^\]]*$/.test(text) || /\]\([^)\s]*$/.test(text);
