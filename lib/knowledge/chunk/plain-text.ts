const LINK = /!?\[((?:[^\][\\]|\\.|\[[^\][]*\])*)\]\([^()\s]*(?:\s+"[^"\n]*")?\)/g;

/**
 * The words of Markdown as a reader sees them: no link targets, emphasis, heading, quote or fence marks. Line breaks stay; table bars become
 * line breaks, because cells are separate texts on the page.
 */
export function plainText(markdown: string): string {
  const lines: string[] = [];
  let inFence = false;
  for (const line of markdown.split("\n")) {
    if (/^\s*(?:`{3,}|~{3,})/.test(line)) {
      inFence = !inFence;
      continue;
    }
    lines.push(inFence ? line : plainLine(line));
  }
  return lines.join("\n").trim();
}

function plainLine(line: string): string {
  let text = line.replace(/^\s*(?:>\s?)*/, "").replace(/^(?:#{1,6}|[-*+]|\d{1,9}[.)])\s+/, "");
  if (/^\s*\|/.test(text)) text = /^[\s|:-]+$/.test(text) ? "" : text.replace(/(?<!\\)\|/g, "\n");
  // What stands in a code span stands on the page as it is, but for the bars of a table.
  return text
    .replace(LINK, "$1")
    .split(/(`+[^`]+`+)/)
    .map((part, index) =>
      index % 2 === 1 ? part.replace(/^`+ ?| ?`+$/g, "").replaceAll("\\|", "|") : plainWords(part),
    )
    .join("");
}

function plainWords(text: string): string {
  return text
    .replace(/<(https?:\/\/[^<>\s]+)>/g, "$1")
    .replace(/(\*\*|~~|(?<!\\)`+)/g, "")
    .replace(/(^|[\s(])[*_](?=\S)|(?<=[^\s\\])[*_](?=[\s).,;:!?]|$)/g, "$1")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1");
}
