import { AppError } from "@/lib/core/errors";
import { type FetchResult, retryAfterMs, safeFetch } from "@/lib/net";
import { crawlerName, type FetchConfig, reach } from "./deps";
import type { DocumentPlace } from "./document-room";
import { announcesDocument } from "./linked-document";
import { normalizeUrl, sameSite } from "./url";

/** How a visit ends without text to keep. */
export interface Ending {
  status: "failed" | "excluded" | "duplicate" | "published";
  code: string | null;
  reason: string | null;
  httpStatus?: number;
  /** Where it leads. Unknown when the page itself was not seen: then to wherever it led before. */
  links?: string[];
  /** The address that stands for a duplicate. */
  mainUrl?: string;
}

/** A page, from the site or as it was kept. */
export type PageResponse = Pick<FetchResult, "status" | "body" | "headers">;

/** `ending` of a deferred visit is for when there has been enough of trying. */
export type Visit =
  | { response: PageResponse }
  | { ending: Ending }
  | { deferMs: number; wholeHost: boolean; ending: Ending };

export interface PageRequest {
  url: string;
  sourceUrl: string;
  etag?: string | null;
  lastModified?: string | null;
  /** 1 for the first try. */
  attempt: number;
  /** Larger pages are left out; 5 MiB unless given. */
  maxBytes?: number;
  /** Documents are wanted as well, as large as this for who has a place. */
  documents?: { maxBytes: number; place: DocumentPlace } | undefined;
}

const MAX_PAGE_BYTES = 5 * 1024 * 1024;
const FIRST_RETRY_MS = 2_000;

/**
 * Asks for one page and says what its answer means for a crawl. Redirects are not followed: their target is a page of its own.
 * @returns null for a document that is larger than a page while there is no place for such: it is to be asked for again
 * @throws AppError "aborted" only
 */
export async function fetchPage(config: FetchConfig, request: PageRequest, signal: AbortSignal): Promise<Visit | null> {
  const { documents, maxBytes = MAX_PAGE_BYTES } = request;
  let response: FetchResult;
  let type: string | undefined;
  let documentBytes: number | undefined;
  try {
    response = await safeFetch(request.url, {
      ...reach(config),
      headers: { "user-agent": config.userAgent, accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1" },
      etag: request.etag ?? undefined,
      lastModified: request.lastModified ?? undefined,
      signal,
      redirect: "manual",
      maxBodyBytes: maxBytes,
      acceptType: (contentType, status) => {
        type = contentType;
        if (!documents || status !== 200 || !announcesDocument(contentType, request.url))
          return mayHoldText(contentType, status);
        documentBytes = documents.place.take() ? documents.maxBytes : Math.min(maxBytes, documents.maxBytes);
        return documentBytes;
      },
    });
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    const isTooLarge = error.code === "content_too_large" && documentBytes !== undefined;
    if (isTooLarge && documentBytes! < documents!.maxBytes) return null;
    const isPdf = error.code === "unsupported_content" && /^\s*application\/pdf\b/i.test(type ?? "");
    const ending: Ending = {
      status: isNoPage(error) ? "excluded" : "failed",
      code: error.code,
      reason: isTooLarge ? tooLarge(documents!.maxBytes) : isPdf ? PDF : error.message,
    };
    return error.policy.retry ? { deferMs: backoffMs(request.attempt), wholeHost: false, ending } : { ending };
  }
  return response.status === 200 ? { response } : meaningOf(response, request, config);
}

const PDF =
  "This is a PDF, not a web page. Turn on “Read linked documents” in the settings of this source to have it read.";

const tooLarge = (maxBytes: number): string =>
  `This file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB, so it was not read. Split it on the site, or upload the parts as files.`;

/** A file that is no page, and one too large to be read, are left out rather than failed: nothing is wrong with the site. */
const isNoPage = ({ code }: AppError): boolean => code === "unsupported_content" || code === "content_too_large";

/** Spares the download of films and archives. What the bytes are is decided later, so anything vague is let through. */
const mayHoldText = (contentType: string | undefined, status: number): boolean =>
  status !== 200 ||
  !/^\s*(image|audio|video|font)\/|^\s*application\/(zip|gzip|x-gzip|x-tar|pdf)\b/i.test(contentType ?? "");

function meaningOf({ status, headers, notModified }: FetchResult, request: PageRequest, config: FetchConfig): Visit {
  if (notModified) return { ending: { status: "published", code: null, reason: null, httpStatus: 304 } };
  if (status >= 300 && status < 400) return { ending: redirectEnding(request, status, headers.location) };
  if (status === 429 || status === 503)
    return {
      deferMs: retryAfterMs(headers["retry-after"]) ?? backoffMs(request.attempt),
      wholeHost: true,
      ending: failed(
        status,
        `The site asked us to slow down (HTTP ${status}). Refresh this source when the site is less busy.`,
      ),
    };
  if (status >= 500)
    return {
      deferMs: backoffMs(request.attempt),
      wholeHost: false,
      ending: failed(
        status,
        `The site answered with an error of its own (HTTP ${status}). Refresh this source when the page works again.`,
      ),
    };
  if (status === 404 || status === 410)
    return {
      ending: {
        ...failed(status, `The page does not exist (HTTP ${status}). Check its address, or the links that lead to it.`),
        links: [],
      },
    };
  if (status === 401 || status === 403)
    return {
      ending: failed(
        status,
        `The site does not let us read this page (HTTP ${status}). If it is meant to be read, let the crawler "${crawlerName(config)}" through.`,
      ),
    };
  return { ending: failed(status, `The site did not give us the page (HTTP ${status}).`) };
}

const failed = (status: number, reason: string): Ending => ({
  status: "failed",
  code: `http_${status}`,
  reason,
  httpStatus: status,
});

const backoffMs = (attempt: number): number =>
  Math.round(FIRST_RETRY_MS * 2 ** (attempt - 1) * (0.8 + Math.random() * 0.4));

/** A redirect is a page of its own that points elsewhere: the target is queued, so that each address is fetched once however many lead to it. */
export function redirectEnding(
  { url, sourceUrl }: Pick<PageRequest, "url" | "sourceUrl">,
  httpStatus: number,
  location: string | undefined,
): Ending {
  const target = location ? normalizeUrl(location, url) : null;
  if (!target)
    return {
      status: "failed",
      code: "redirect_broken",
      reason: "The page sends on to something that is not an address of a page. Check this redirect on the site.",
      httpStatus,
    };
  if (!sameSite(target, sourceUrl))
    return {
      status: "excluded",
      code: "redirect_offsite",
      reason: `The page sends on to another site: ${target}. Add that address as a source if it is yours.`,
      httpStatus,
      links: [],
    };
  if (target === url)
    return {
      status: "failed",
      code: "redirect_loop",
      reason: "The page redirects to itself. Check this redirect on the site.",
      httpStatus,
    };
  return { status: "duplicate", code: "redirect", reason: `Redirects to ${target}`, httpStatus, links: [target] };
}
