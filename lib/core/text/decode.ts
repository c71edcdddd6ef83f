import iconv from "iconv-lite";

const PRESCAN_BYTES = 4_096;
const DEFAULT_CHARSET = "windows-1252";

export type ContentKind = "html" | "pdf" | "text" | "xml" | "json" | "binary";

/**
 * Bytes of a page as text. The charset comes from, in this order: byte order mark, Content-Type header, `<meta>` in the first
 * 4,096 bytes, being valid UTF-8, else windows-1252. Never throws: bytes that fit no charset become U+FFFD.
 * @returns `charset` in lower case, as it was used. "iso-8859-1" and "ascii" mean windows-1252, as in every browser.
 * A header or meta that says UTF-8 while the bytes are not is overruled: old pages on new servers are common.
 */
export function decodeHtml(body: Buffer, contentType: string | undefined): { html: string; charset: string } {
  const mark = byteOrderMark(body);
  if (mark) return { html: decode(body.subarray(mark.size), mark.charset), charset: mark.charset };
  const announced = canonical(charsetOf(contentType)) ?? canonical(metaCharset(body));
  if (announced !== undefined && announced !== "utf-8") return { html: decode(body, announced), charset: announced };
  const html = strictUtf8(body);
  if (html !== undefined) return { html, charset: "utf-8" };
  // A few damaged bytes in a page that says UTF-8 are damage; many are another charset.
  if (announced === "utf-8" && isMostlyUtf8(body)) return { html: decode(body, "utf-8"), charset: "utf-8" };
  return { html: decode(body, DEFAULT_CHARSET), charset: DEFAULT_CHARSET };
}

/**
 * What kind of content this is, by its bytes first where they are telling, then by the header. A page without Content-Type, or with
 * a meaningless one, counts as HTML when it begins like HTML.
 */
export function sniffContent(body: Buffer, contentType: string | undefined): ContentKind {
  const head = body.subarray(0, 1_024);
  if (head.includes("%PDF-")) return "pdf";
  const mark = byteOrderMark(body);
  if (!mark && isBinary(head)) return "binary";
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "text/html" || type === "application/xhtml+xml") return "html";
  if (/[/+]json$/.test(type)) return "json";
  if (/[/+]xml$/.test(type)) return looksLikeHtml(head, mark) ? "html" : "xml";
  if (type.startsWith("text/")) return "text";
  if (type !== "" && !/^(application\/(octet-stream|x-unknown|unknown)|unknown\/unknown|\*\/\*)$/.test(type))
    return "binary";
  if (looksLikeHtml(head, mark)) return "html";
  const start = startText(head, mark);
  if (start.startsWith("<?xml")) return "xml";
  if (/^[{[]\s*["{[\]}\d]/.test(start)) return "json";
  return "text";
}

function byteOrderMark(body: Buffer): { charset: string; size: number } | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return { charset: "utf-8", size: 3 };
  if (body[0] === 0xfe && body[1] === 0xff) return { charset: "utf-16be", size: 2 };
  if (body[0] === 0xff && body[1] === 0xfe) return { charset: "utf-16le", size: 2 };
  return undefined;
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /charset\s*=[\s"']*([^\s"';,>]+)/i.exec(contentType ?? "")?.[1];
}

/** The charset a page names itself, in `<meta charset>`, `<meta http-equiv>` or the XML declaration. */
function metaCharset(body: Buffer): string | undefined {
  const start = body.toString("latin1", 0, PRESCAN_BYTES).replace(/<!--[\s\S]*?-->/g, "");
  const declared = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']+)["']/i.exec(start)?.[1];
  for (const [tag] of start.matchAll(/<meta\s[^>]{1,500}/gi)) {
    const found = charsetOf(tag);
    // UTF-16 cannot be what an ASCII-readable meta was written in (HTML standard, prescan).
    if (found) return /^utf-?16/i.test(found) ? "utf-8" : found;
  }
  return declared;
}

const LATIN =
  /^(iso[-_]?8859[-_]?1|latin1|l1|us-ascii|ascii|ansi_x3\.4-1968|cp819|ibm819|windows-1252|cp1252|x-cp1252)$/;

function canonical(label: string | undefined): string | undefined {
  const name = label?.trim().toLowerCase();
  if (!name) return undefined;
  if (/^(utf-?8|unicode-1-1-utf-8|x-unicode20utf8)$/.test(name)) return "utf-8";
  if (LATIN.test(name)) return DEFAULT_CHARSET;
  // Browsers read these as their larger successors.
  if (/^(gb2312|gbk|gb_2312-80|x-gbk)$/.test(name)) return "gb18030";
  if (/^(ks_c_5601-1987|euc-kr|ksc5601)$/.test(name)) return "cp949";
  if (/^(iso-8859-9|latin5)$/.test(name)) return "windows-1254";
  if (/^utf-?16$/.test(name)) return "utf-16le";
  return iconv.encodingExists(name) && !/^(base64|hex|binary|utf-?7.*)$/.test(name) ? name : undefined;
}

function decode(body: Buffer, charset: string): string {
  return charset === "utf-8" ? body.toString("utf8") : iconv.decode(body, charset);
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function strictUtf8(body: Buffer): string | undefined {
  try {
    return strict.decode(body);
  } catch {
    return undefined;
  }
}

function isMostlyUtf8(body: Buffer): boolean {
  const text = body.toString("utf8");
  let damaged = 0;
  let sound = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) damaged++;
    else if (code > 0x7f) sound++;
  }
  return damaged * 4 <= sound;
}

const MAGIC: readonly string[] = [
  "PK\x03\x04",
  "\x1f\x8b",
  "\x89PNG",
  "GIF8",
  "\xff\xd8\xff",
  "RIFF",
  "Rar!",
  "\x7fELF",
  "BZh",
  "wOF",
  "ID3",
  "OggS",
];

function isBinary(head: Buffer): boolean {
  const start = head.toString("latin1", 0, 8);
  return MAGIC.some((magic) => start.startsWith(magic)) || head.includes(0);
}

function startText(head: Buffer, mark: { charset: string; size: number } | undefined): string {
  const text = mark ? decode(head.subarray(mark.size), mark.charset) : head.toString("latin1");
  return text.replace(/^(\s|<!--[\s\S]*?-->)+/, "").slice(0, 200);
}

function looksLikeHtml(head: Buffer, mark: { charset: string; size: number } | undefined): boolean {
  const start = startText(head, mark).replace(/^<\?xml[^>]*>\s*/i, "");
  return /^<(!doctype\s+html|html|head|body|title|meta|script|style|link|div|p|h[1-6]|table|a|br|iframe|font)[\s>/]/i.test(
    start,
  );
}
