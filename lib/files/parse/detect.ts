import { fileTypeFromBuffer } from "file-type";
import { FileProblem } from "../problem";
import { type Archive, ENCRYPTED } from "./zip";

export type FileKind = "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv" | "json" | "jsonl";

const NAMED: Record<string, FileKind> = {
  pdf: "pdf",
  docx: "docx",
  pptx: "pptx",
  xlsx: "xlsx",
  html: "html",
  htm: "html",
  md: "markdown",
  markdown: "markdown",
  txt: "text",
  text: "text",
  csv: "csv",
  tsv: "csv",
  json: "json",
  jsonl: "jsonl",
  ndjson: "jsonl",
};
const WORDS: Record<FileKind, string> = {
  pdf: "a PDF",
  docx: "a Word document",
  pptx: "a PowerPoint presentation",
  xlsx: "an Excel workbook",
  html: "HTML",
  markdown: "text",
  text: "text",
  csv: "text",
  json: "text",
  jsonl: "text",
};
const READABLE = "PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx), CSV, HTML, Markdown, text and JSON";

/** What a name promises; undefined for endings nobody here knows. */
export const namedKind = (name: string): FileKind | undefined => NAMED[extension(name)];

const extension = (name: string): string => (/\.([a-z0-9]{1,10})$/i.exec(name.trim())?.[1] ?? "").toLowerCase();

/** "zip" is still to be looked into, "plain" to be told apart by its text. @throws FileProblem for everything that cannot be read */
export async function detectContainer(bytes: Buffer, name: string): Promise<"pdf" | "zip" | "plain"> {
  if (bytes.length === 0) throw new FileProblem("no_text", "This file is empty.");
  if (bytes.subarray(0, 1_024).includes("%PDF-")) return "pdf";
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return "zip";
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw oldOffice(bytes, name);
  if (isText(bytes)) return "plain";
  const found = await fileTypeFromBuffer(bytes.subarray(0, 65_536)).catch(() => undefined);
  const what = found ? `a file of the type ${found.ext.toUpperCase()} (${found.mime})` : "no text that could be read";
  const promised = namedKind(name);
  if (promised && found)
    throw new FileProblem(
      "wrong_name",
      `This file is named .${extension(name)} but is ${what}. Upload it in one of these forms: ${READABLE}.`,
    );
  throw new FileProblem(
    "unsupported_content",
    `This file is ${found ? what : `not readable: it holds ${what}`}. These can be read: ${READABLE}.`,
  );
}

/** Which office file an archive is, by what is in it. */
export function detectOffice(archive: Archive): "docx" | "pptx" | "xlsx" {
  if (archive.has("word/document.xml")) return "docx";
  if (archive.has("ppt/presentation.xml")) return "pptx";
  if (archive.has("xl/workbook.xml")) return "xlsx";
  if (archive.has("xl/workbook.bin"))
    throw new FileProblem(
      "unsupported_content",
      "This is a binary Excel workbook (.xlsb). Save it as .xlsx and upload that.",
    );
  if (archive.has("content.xml") && archive.has("mimetype"))
    throw new FileProblem(
      "unsupported_content",
      "This is an OpenDocument file. Save it as .docx, .xlsx, .pptx or PDF and upload that.",
    );
  throw new FileProblem(
    "unsupported_content",
    `This is a ZIP archive. Unpack it and upload the files in it. These can be read: ${READABLE}.`,
  );
}

/** The name may be wrong, but not silently: what people upload under a wrong name is often not what they meant. */
export function checkName(name: string, found: FileKind): void {
  const promised = namedKind(name);
  if (promised === undefined || WORDS[promised] === WORDS[found]) return;
  if (WORDS[found] === "text" && promised === "html") return;
  throw new FileProblem(
    "wrong_name",
    `This file is named .${extension(name)} but is ${WORDS[found]}. Give it its right name, or upload the file that you meant.`,
  );
}

/** Encrypted office files are wrapped in the old container; its directory names what is inside, in UTF-16. */
function oldOffice(bytes: Buffer, name: string): FileProblem {
  const holds = (word: string) => bytes.includes(Buffer.from(word, "utf16le"));
  if (holds("EncryptedPackage")) return new FileProblem("encrypted", ENCRYPTED);
  const modern = holds("WordDocument")
    ? ".docx"
    : holds("Workbook")
      ? ".xlsx"
      : holds("PowerPoint Document")
        ? ".pptx"
        : null;
  return new FileProblem(
    "unsupported_content",
    modern
      ? `This is a file of an old Office version (before 2007). Open it, save it as ${modern}, and upload that.`
      : `${name} is a file of an old format. Save it as ${READABLE.replace(" and JSON", " or JSON")}, and upload that.`,
  );
}

const startsWith = (bytes: Buffer, ...start: number[]): boolean => start.every((byte, i) => bytes[i] === byte);

/** No zero bytes and hardly any control characters; UTF-16 by its byte order mark. */
function isText(bytes: Buffer): boolean {
  if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) return true;
  const head = bytes.subarray(0, 65_536);
  let odd = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) odd++;
  }
  return odd <= head.length * 0.01;
}
