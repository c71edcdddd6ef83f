import type { ChunkKind } from "../schema";
import type { Block } from "./blocks";

const LEGAL_TITLE =
  /\b(?:terms (?:of|and|&) (?:service|use|sale|business|conditions)|terms & conditions|general terms|privacy (?:policy|notice|statement)|cookie (?:policy|notice)|data processing (?:agreement|addendum)|data protection (?:policy|notice|statement|declaration)|legal notice|imprint|impressum|datenschutz\p{L}*|agb|allgemeine geschäftsbedingungen|nutzungsbedingungen|conditions générales|politique de confidentialité|mentions légales|aviso legal|política de privacidad|licen[cs]e agreement|eula|gdpr|dsgvo)(?![\p{L}])/iu;
const LEGAL_PATH =
  /\/(?:legal|terms|tos|privacy|imprint|impressum|datenschutz|agb|eula|gdpr|dpa|terms-(?:of|and)-[a-z-]+|privacy-[a-z]+|cookie-policy)(?:[/.?#]|$)/i;
const QUESTION_END = /(?:[?？؟\u037E]|\p{Script=Greek};)["'»”)\]*_]*$/u;

/** Whether a heading asks something. The Greek question mark is mostly typed as a semicolon. */
export const isQuestion = (title: string): boolean => QUESTION_END.test(title.trim());

/**
 * What kind of page this is, from its address, title and headings. Pages of questions and answers are those with at least two
 * headings that ask and no more headings that do not.
 */
export function pageKind(page: { title: string; url: string; blocks: Block[] }): ChunkKind {
  if (LEGAL_TITLE.test(page.title) || LEGAL_PATH.test(page.url)) return "legal";
  const headings = page.blocks.filter((block) => block.type === "heading" && block.level > 1);
  const asking = headings.filter((block) => block.type === "heading" && isQuestion(block.title)).length;
  if (asking >= 2 && asking * 2 >= headings.length) return "qa";
  return headings.length > 0 || page.blocks.some((block) => block.type === "code") ? "docs" : "text";
}

/** Questions set as bold paragraphs or "Q: …" lines become headings, so that each has its own passage. */
export function promoteQuestions(blocks: Block[]): Block[] {
  const promoted = blocks.map((block): Block => {
    const title = block.type === "text" ? boldQuestion(block.text) : null;
    return title ? { type: "heading", level: 7, title, anchor: null, text: block.text } : block;
  });
  const count = promoted.filter((block) => block.type === "heading" && block.level === 7).length;
  return count >= 2 ? promoted : blocks;
}

function boldQuestion(text: string): string | null {
  if (text.length > 300 || text.includes("\n")) return null;
  const bold =
    /^\*\*([^*]+)\*\*$/.exec(text.trim()) ??
    /^(?:Q(?:uestion)?|F(?:rage)?|P(?:regunta)?)\s*\d*\s*[:.]\s+(.+)$/.exec(text.trim());
  const title = bold?.[1]?.trim();
  return title && isQuestion(title) ? title : null;
}

/** Kind of one passage: code or table when that is most of it, else the page's. */
export function chunkKind(page: ChunkKind, blocks: { type: Block["type"]; size: number }[]): ChunkKind {
  const total = blocks.reduce((sum, block) => sum + block.size, 0);
  const share = (type: Block["type"]) =>
    blocks.reduce((sum, block) => sum + (block.type === type ? block.size : 0), 0) / Math.max(total, 1);
  if (share("code") > 0.5) return "code";
  if (page === "legal" || page === "qa") return page;
  return share("table") > 0.6 ? "table" : page;
}
