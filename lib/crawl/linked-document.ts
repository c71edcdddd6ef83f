import { sniffContent } from "@/lib/core/text/decode";
import type { FetchResult } from "@/lib/net";
import { isDocumentAddress } from "./url";

/** Bytes that a parser of files is to read. */
export interface LinkedDocument {
  /** What the site calls the file. */
  name: string;
  /** By what name the parser gets it. It has an ending only where the content alone does not say how it is to be read. */
  parseAs: string;
}

const DOCUMENT_TYPE =
  /^\s*(application\/(x-)?pdf|application\/msword|application\/vnd\.ms-(excel|powerpoint|word)[\w.]*|application\/vnd\.openxmlformats-officedocument\.[\w.]+|(application|text)\/(x-)?csv|text\/(comma|tab)-separated-values)\s*(;|$)/i;
const CSV_TYPE = /csv|-separated-values/i;
/** What servers say of files that they know nothing about. */
const VAGUE_TYPE =
  /^\s*($|application\/(octet-stream|force-download|x-download|download|zip|x-zip-compressed)|binary\/octet-stream|text\/plain)\s*(;|$)/i;
const MAX_NAME_CHARS = 200;

/** Whether the type says that it is a document, and no page whatever its content. */
export const isDocumentType = (contentType: string | undefined): boolean => DOCUMENT_TYPE.test(contentType ?? "");

/** Whether the headers promise a document: by their type, or by the address where the type says nothing. What it is the content decides. */
export const announcesDocument = (contentType: string | undefined, url: string): boolean =>
  isDocumentType(contentType) || (VAGUE_TYPE.test(contentType ?? "") && isDocumentAddress(url));

/** The document that a site sent, or null for what is to be read as a page. A PDF or an office file is one whatever the site calls it. */
export function linkedDocument(
  { body, headers }: Pick<FetchResult, "body" | "headers">,
  url: string,
): LinkedDocument | null {
  const name = fileName(headers["content-disposition"], url);
  if (body.subarray(0, 1_024).includes("%PDF-") || isOfficeArchive(body)) return { name, parseAs: "document" };
  const type = headers["content-type"];
  if (!announcesDocument(type, url)) return null;
  // An office file of before 2007, or an encrypted one: the parser tells them apart, in words.
  if (startsWith(body, 0xd0, 0xcf, 0x11, 0xe0)) return { name, parseAs: "document" };
  const isTable = CSV_TYPE.test(type ?? "") || /\.(csv|tsv)$/i.test(name);
  return isTable && sniffContent(body, undefined) === "text" ? { name, parseAs: "table.csv" } : null;
}

/** An archive that lists its parts as office files do; others (programs, pictures) are no documents. */
const isOfficeArchive = (body: Buffer): boolean =>
  startsWith(body, 0x50, 0x4b, 0x03, 0x04) && body.includes("[Content_Types].xml");

const startsWith = (body: Buffer, ...start: number[]): boolean => start.every((byte, i) => body[i] === byte);

/** As the site would have it saved, else the end of the address. */
function fileName(disposition: string | undefined, url: string): string {
  const { pathname, host } = new URL(url);
  const names = [dispositionName(disposition), decoded(pathname.split("/").findLast(Boolean) ?? ""), host];
  for (const name of names) {
    const clean = (name?.split(/[\\/]/).at(-1) ?? "").replace(/\p{Cc}/gu, "").trim();
    if (clean) return clean.length <= MAX_NAME_CHARS ? clean : clean.slice(-MAX_NAME_CHARS);
  }
  return "document";
}

/** RFC 6266: `filename*` in UTF-8 before `filename`. */
function dispositionName(header: string | undefined): string | undefined {
  const text = (header ?? "").slice(0, 2_000);
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(text)?.[1];
  if (extended) return decoded(extended);
  const plain = /;\s*filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(text);
  return plain?.[1] ?? plain?.[2];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).toWellFormed();
  } catch {
    return text;
  }
}
