import { decodeHtml } from "@/lib/core/text/decode";
import { extractPage } from "@/lib/crawl/extract";
import type { ParsedDocument } from "../document";
import { FileProblem } from "../problem";
import { looksLikeCsv, parseCsv } from "./csv";
import { checkName, detectContainer, detectOffice, type FileKind, namedKind } from "./detect";
import { parseDocx } from "./docx";
import { parseJson, parseJsonLines } from "./json";
import { MAX_TEXT_CHARS, tooMuchText } from "./limits";
import { parsePdf } from "./pdf";
import { parsePptx } from "./pptx";
import { parseXlsx } from "./xlsx";
import { Archive } from "./zip";

export interface ParsedFile {
  kind: FileKind;
  document: ParsedDocument;
}

/**
 * From bytes to Markdown; what the file is decides its content. Bounded in what it unpacks, not in time: it runs in a process of its own.
 * @throws FileProblem in words for the member
 */
export async function parseFile(bytes: Buffer, name: string): Promise<ParsedFile> {
  const parsed = await parsedBy(bytes, name);
  if (!/[\p{L}\p{N}]/u.test(parsed.document.markdown.replace(/\uE000\d+\uE001/g, "")))
    throw new FileProblem("no_text", "No text was found in this file.");
  return parsed;
}

async function parsedBy(bytes: Buffer, name: string): Promise<ParsedFile> {
  const container = await detectContainer(bytes, name);
  if (container === "pdf") {
    checkName(name, "pdf");
    return { kind: "pdf", document: await parsePdf(bytes) };
  }
  if (container === "zip") {
    const archive = await Archive.open(bytes);
    const kind = detectOffice(archive);
    checkName(name, kind);
    const document =
      kind === "docx"
        ? await parseDocx(bytes, archive)
        : kind === "pptx"
          ? await parsePptx(archive)
          : await parseXlsx(archive);
    return { kind, document };
  }
  const { html: decoded } = decodeHtml(bytes, undefined);
  const text = decoded
    .replace(/^\uFEFF/, "")
    .replaceAll("\0", "")
    .replace(/[\uE000\uE001]/g, "");
  const kind = textKind(text, name);
  checkName(name, kind);
  return { kind, document: textDocument(text, kind) };
}

/** Forms of text: the name says which, if it says one; else the text itself. */
function textKind(text: string, name: string): FileKind {
  const named = namedKind(name);
  const start = text.slice(0, 2_000).trimStart();
  if (named === "html" || (named === undefined && /^<(!doctype\s+html|html|head|body)[\s>]/i.test(start)))
    return "html";
  // A program's file under another name is told by checkName.
  if (named && ["csv", "json", "jsonl", "markdown", "text"].includes(named)) return named;
  if (/^[{[]/.test(start) && isJson(text)) return "json";
  if (looksLikeCsv(text)) return "csv";
  return "markdown";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function textDocument(text: string, kind: FileKind): ParsedDocument {
  if (kind === "csv") return parseCsv(text);
  if (kind === "json") return parseJson(text);
  if (kind === "jsonl") return parseJsonLines(text);
  if (kind === "html") {
    const page = extractPage(text, "");
    const { title, language, description, markdown } = page;
    return {
      title,
      language: language ?? null,
      description: description ?? null,
      markdown,
      places: null,
      count: null,
      notes: [],
    };
  }
  if (text.length > MAX_TEXT_CHARS) throw tooMuchText();
  const title = /^#\s+(.{1,300})$/m.exec(text.slice(0, 5_000))?.[1]?.trim() ?? "";
  return { title, language: null, description: null, markdown: text, places: null, count: null, notes: [] };
}
