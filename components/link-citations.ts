/** `[2]` in an answer becomes a link to its source; inside code it stays what it is. */
export function linkCitations(markdown: string, known: ReadonlySet<number>): string {
  return markdown
    .split(/(```[\s\S]*?(?:```|$)|`[^`\n]*`)/)
    .map((part, index) =>
      index % 2
        ? part
        : part.replace(/\[(\d{1,2})\](?![(:])/g, (all, digits: string) =>
            known.has(Number(digits)) ? `[${digits}](#cite-${digits})` : all,
          ),
    )
    .join("");
}

/** An answer's text alone, as somebody would write it. */
export const withoutCitations = (text: string): string => text.replace(/ ?\[\d{1,2}\]/g, "");
