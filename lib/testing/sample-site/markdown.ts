import { Marked, type Tokens } from "marked";
import { escapeHtml, type Html, raw } from "@/lib/testing/sample-site/html";

export interface Heading {
  id: string;
  text: string;
  level: number;
}

/** `Where to cut` → `where-to-cut`; letters with accents are kept. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

const CALLOUT = /^\[!(NOTE|WARNING)\]\s*(.*)$/m;

/**
 * Markdown of `content/` to HTML: headings get ids, tables a scroll box, `> [!NOTE] Title` becomes a callout.
 * @returns the markup and the headings of level 2 and 3 in document order
 */
export function renderMarkdown(source: string): { body: Html; headings: Heading[] } {
  const headings: Heading[] = [];
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const inner = this.parser.parseInline(tokens);
        const text = this.parser.parseInline(tokens, this.parser.textRenderer);
        const base = slug(text);
        const id = headings.some((heading) => heading.id === base) ? `${base}-${headings.length}` : base;
        if (depth > 1) headings.push({ id, text, level: depth });
        return `<h${depth} id="${id}">${inner} <a class="heading-anchor" href="#${id}" aria-hidden="true">#</a></h${depth}>\n`;
      },
      blockquote({ tokens, text }: Tokens.Blockquote): string {
        const callout = CALLOUT.exec(text);
        if (!callout) return `<blockquote>${this.parser.parse(tokens)}</blockquote>\n`;
        const rest = marked.parse(text.replace(CALLOUT, "").trim(), { async: false });
        const kind = callout[1] === "WARNING" ? "warning" : "note";
        return `<div class="callout callout-${kind}"><p class="callout-title">${escapeHtml(callout[2] ?? "")}</p>${rest}</div>\n`;
      },
      code({ text, lang }: Tokens.Code): string {
        const language = escapeHtml(lang || "text");
        return `<div class="code-block"><div class="code-bar"><span>${language}</span><button type="button" class="copy-button">Copy</button></div><pre><code class="language-${language}">${escapeHtml(text)}\n</code></pre></div>\n`;
      },
    },
  });
  const markup = marked
    .parse(source, { async: false })
    .replaceAll("<table>", '<div class="table-scroll"><table>')
    .replaceAll("</table>", "</table></div>");
  return { body: raw(markup), headings };
}

/** The words a reader sees, for word counts and excerpts. */
export function plainText(markup: string): string {
  return markup
    .replace(/<(script|style|template)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/&(amp|lt|gt|quot|nbsp|#39|#(\d+));/g, (_, name: string, code?: string) =>
      code
        ? String.fromCodePoint(Number(code))
        : ({ amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", "#39": "'" }[name] ?? " "),
    )
    .replace(/\s+/g, " ")
    .trim();
}
