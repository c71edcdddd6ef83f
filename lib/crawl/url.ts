import { matchesPieces } from "./wildcard";

export { type SeenStats, type TrapReason, trapReason, urlShape } from "./traps";

const MAX_URL_LENGTH = 8_192;

export type NormalizeOptions = {
  /** Further parameters to drop, by name or `prefix*`. */
  dropParams?: readonly string[];
};

/** Parameters that tell where a visitor came from, never what the page shows. A star matches the rest of the name. */
const TRACKING =
  /^(utm_.*|mtm_.*|matomo_.*|pk_.*|piwik_.*|hsa_.*|vero_.*|oly_.*|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|gad_campaignid|srsltid|fbclid|fb_action_.*|msclkid|twclid|ttclid|yclid|ysclid|li_fat_id|igshid|igsh|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hs.*|hsctatracking|_ga|_gl|_gac|_openstat|s_kwcid|epik|ref_src|rb_clickid|wickedid|zanpid|irclickid|cjevent)$/;
const SESSION =
  /^(jsessionid|phpsessid|aspsessionid.*|sessionid|session_id|sess_id|cfid|cftoken|zenid|oscsid|xtcsid|sid|s)$/;
/** Ambiguous names that hold a session only when the value looks like one. */
const MAYBE_SESSION = /^(sid|s|sessionid|session_id|sess_id|cfid|cftoken)$/;
const SESSION_VALUE = /^(?=.*\d)[a-z0-9_-]{16,}$/i;

/**
 * The one spelling of a page's address, used as its identity and for fetching it; or null for what is not an http(s) address.
 * Same page, so folded: letter case of scheme and host, default port, dot segments, fragment, trailing dot of the host, escapes
 * (`%7e` → `~`, `%c3` → `%C3`), `index.html`/`index.htm` at the end, tracking and session parameters, order of parameters, empty
 * ones and a bare `?`. Possibly another page, so kept: http/https, `www.`, letter case of the path, trailing slash, double
 * slashes, `index.php`, repeated parameters (in their order), unknown parameters.
 * Idempotent. Addresses with credentials give null: they cannot be fetched either.
 */
export function normalizeUrl(raw: string, base?: string | URL, options: NormalizeOptions = {}): string | null {
  if (raw.length > MAX_URL_LENGTH) return null;
  let url = URL.parse(raw, base);
  // One change can uncover another (a dropped session id leaves a dot segment), so it is repeated until nothing changes.
  for (let round = 0; url && round < 4; round++) {
    const next = normalizeOnce(url, options);
    if (next === null || next === url.href) return next;
    url = URL.parse(next);
  }
  return url?.href ?? null;
}

function normalizeOnce(url: URL, { dropParams }: NormalizeOptions): string | null {
  if ((url.protocol !== "http:" && url.protocol !== "https:") || url.username !== "" || url.password !== "")
    return null;
  const host = url.host.replace(/\.+(?=:|$)/, "");
  if (host === "" || host.startsWith(":")) return null;
  let path = normalEscapes(url.pathname);
  if (path.includes(";")) path = path.replace(/;(jsessionid|phpsessid)=[^/;]*/gi, "");
  path = path.replace(/\/index\.html?$/i, "/");
  return `${url.protocol}//${host}${path}${normalQuery(url.search, dropParams)}`;
}

function normalQuery(search: string, dropParams: readonly string[] | undefined): string {
  if (search.length < 2) return "";
  const kept: { name: string; part: string }[] = [];
  for (const part of search.slice(1).split("&")) {
    const normal = normalEscapes(part);
    const equals = normal.indexOf("=");
    const name = equals < 0 ? normal : normal.slice(0, equals);
    const value = equals < 0 ? "" : normal.slice(equals + 1);
    if (normal !== "" && !isNoise(name, value, dropParams)) kept.push({ name, part: normal });
  }
  if (kept.length === 0) return "";
  kept.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return `?${kept.map((k) => k.part).join("&")}`;
}

function isNoise(rawName: string, value: string, dropParams: readonly string[] | undefined): boolean {
  const name = rawName.toLowerCase();
  if (TRACKING.test(name)) return true;
  if (SESSION.test(name) && (!MAYBE_SESSION.test(name) || SESSION_VALUE.test(value))) return true;
  return dropParams?.some((p) => matchesPieces(p.toLowerCase().split("*"), name, true)) ?? false;
}

/** Upper-case hex, and letters, digits, `-._~` written plainly (RFC 3986 §6.2.2). Reserved characters stay as they are. */
function normalEscapes(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%[0-9a-f]{2}/gi, (code) => {
    const char = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(char) ? char : code.toUpperCase();
  });
}

/** Same host, give or take `www.` and the change from http to https; other ports are other sites. */
export function sameSite(a: string | URL, b: string | URL): boolean {
  const [left, right] = [siteKey(a), siteKey(b)];
  return left !== undefined && left === right;
}

/** What two addresses of one site have in common; undefined for what is no web address. */
export function siteKey(input: string | URL): string | undefined {
  const url = URL.parse(String(input));
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  return `${url.hostname.replace(/\.$/, "").replace(/^www\./, "")}:${url.port}`;
}

const NOT_A_PAGE = new Set(
  (
    "7z aac aiff apk appimage asc atom avi avif bat bin bmp bz2 css csv cur deb dmg doc docx dll dwg eot eps epub exe flac flv gif " +
    "gpg gz heic ico ics img iso jar jpe jpeg jpg js json jsonld jxl key less m4a m4v map mid midi mjs mkv mobi mov mp3 mp4 mpeg " +
    "mpg msi ods odp odt ogg ogv opus otf pkg png ppt pptx ps psd rar rdf rpm rss rtf scss sig sql svg swf tar tgz tif tiff torrent " +
    "ttf vcf wasm wav weba webm webmanifest webp wmv woff woff2 xls xlsx xml xz yaml yml zip zst"
  ).split(" "),
);

const DOCUMENTS = new Set("pdf doc docx ppt pptx xls xlsx csv tsv".split(" "));

/** Whether an address may hold a page to read (HTML, plain text or PDF), judged by its scheme and extension alone. */
export const isProbablyPage = (url: string | URL): boolean => {
  const extension = extensionOf(url);
  return extension !== null && !NOT_A_PAGE.has(extension);
};

/** Whether an address names a document, judged in the same way. */
export const isDocumentAddress = (url: string | URL): boolean => DOCUMENTS.has(extensionOf(url) ?? "");

/** In lower case, "" for none; null for what is no web address. */
function extensionOf(url: string | URL): string | null {
  const parsed = URL.parse(String(url));
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return null;
  const name = parsed.pathname.slice(parsed.pathname.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/**
 * Whether an address fits an include or exclude pattern. `*` is any run of characters, slashes too; letter case of the path counts.
 * - `/blog` the page and everything below it; `/blog/*` below it only; `*.pdf` or `*?print=*` anywhere in path and query
 * - `https://shop.test/de` or `shop.test/de` bind the host too; `*.shop.test/de` its subdomains
 * An empty pattern matches nothing.
 */
export function matchesPattern(pattern: string, url: string | URL): boolean {
  const parsed = URL.parse(String(url));
  const text = pattern.trim();
  if (!parsed || text === "") return false;
  const whole = /^(https?|\*):\/\/(.*)$/i.exec(text);
  if (whole?.[1] && whole[1] !== "*" && `${whole[1].toLowerCase()}:` !== parsed.protocol) return false;
  const rest = whole?.[2] ?? text;
  const slash = rest.indexOf("/");
  const namesHost = whole !== null || (slash !== 0 && HOST.test(rest) && !FILE_NAME.test(rest));
  if (!namesHost) return matchesPath(rest.startsWith("/") || rest.startsWith("*") ? rest : `/${rest}`, parsed);
  const host = (slash < 0 ? rest : rest.slice(0, slash)).toLowerCase();
  if (!matchesPieces(host.split("*"), parsed.host, true)) return false;
  return slash < 0 || matchesPath(rest.slice(slash), parsed);
}

/** `shop.test` and `*.shop.test/` name a host; `about.html` and `*.tar.gz` name files. */
const HOST = /^([a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/|$)|\*(\.[a-z0-9-]+)+(:\d+)?\/)/i;
const FILE_NAME = /^[^/*]+\.(html?|php|aspx?|jsp|pdf|txt|md)$/i;

function matchesPath(pattern: string, url: URL): boolean {
  const path = normalEscapes(url.pathname);
  const target = path + normalEscapes(url.search);
  const wanted = normalEscapes(pattern);
  if (wanted.includes("*")) {
    const pieces = wanted.split("*");
    return matchesPieces(pieces, target, true) || (!wanted.includes("?") && matchesPieces(pieces, path, true));
  }
  if (target === wanted) return true;
  const folder = wanted.endsWith("/") ? wanted : `${wanted}/`;
  return path === wanted || path === folder || path.startsWith(folder);
}
