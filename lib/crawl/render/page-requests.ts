import type { Page, Request, Route } from "playwright-core";
import { AppError } from "@/lib/core/errors";
import { checkUrl, type FetchResult, type Lookup, retryAfterMs, safeFetch } from "@/lib/net";
import type { AnswerCache, KeptAnswer } from "./answer-cache";
import type { RenderLimits } from "./limits";

export interface PageSource {
  tenantId: string;
  url: string;
  /** The document as the site sent it: it is not asked for again. */
  html: string;
  /** What robots.txt of the page's origin says of an address there. */
  allowed(url: string): boolean;
}

export interface WayOut {
  userAgent: string;
  allowHosts: string[];
  lookup?: Lookup;
}

/** What the page wants that ends the rendering: another page in its place, or a host that asks for a pause. */
export type Interruption = { kind: "moved"; url: string } | { kind: "slow_down"; waitMs: number };

/** What makes text. Everything else is refused, but for style sheets: some pages wait for theirs, so they get an empty one. */
const FETCHED = ["script", "fetch", "xhr"];
const METHODS = ["GET", "HEAD", "POST"];
const MAX_POST_BYTES = 64 * 1024;
const MAX_ANSWER_BYTES = 5 * 1024 * 1024;
const SLOW_DOWN_MS = 5_000;
/** No cookies in either direction: a page is read as somebody sees it who was never there. */
const NOT_SENT = /^(:|cookie$|host$|user-agent$|accept-encoding$|sec-|upgrade-|content-length$|if-)/;
const HANDED_OVER = /^(content-type|access-control-|x-|link$|etag$|last-modified$)/;

/**
 * Answers every request of one page, through safeFetch alone. The document is there already; scripts and data are fetched, as part of
 * the page's turn at its host: a few at once, and bounded in number and size. robots.txt of the page's own origin binds them too.
 */
export class PageRequests {
  inFlight = 0;
  readonly #abort = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #count = 0;
  #sizeBytes = 0;
  #documentServed = false;
  #allowHosts: Promise<string[]> | undefined;

  constructor(
    private readonly source: PageSource,
    private readonly out: WayOut,
    private readonly limits: RenderLimits,
    private readonly answers: AnswerCache,
    private readonly interrupt: (what: Interruption) => void,
  ) {}

  /** For every request of the context in which `page` is the only page. */
  async answer(route: Route, page: Page | undefined): Promise<void> {
    this.inFlight++;
    try {
      await this.#decide(route, route.request(), page);
    } catch {
      // Refused, failed, or the page is gone.
      await route.abort("blockedbyclient").catch(() => {});
    } finally {
      this.inFlight--;
    }
  }

  close(): void {
    this.#abort.abort();
  }

  async #decide(route: Route, request: Request, page: Page | undefined): Promise<void> {
    const type = request.resourceType();
    if (request.isNavigationRequest()) return this.#navigate(route, request, page);
    if (type === "stylesheet") return route.fulfill({ status: 200, contentType: "text/css", body: "" });
    if (!FETCHED.includes(type) || !METHODS.includes(request.method())) return route.abort("blockedbyclient");
    const { status, headers, body } = await this.#fetch(request);
    await route.fulfill({ status, headers: handedOver(headers), body });
  }

  /** The first one is the page itself. Another in its place is a page of its own, for the crawl to visit; frames are not read. */
  #navigate(route: Route, request: Request, page: Page | undefined): Promise<void> {
    if (!page || request.frame() !== page.mainFrame()) return route.abort("blockedbyclient");
    if (!this.#documentServed) {
      this.#documentServed = true;
      return route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body: this.source.html });
    }
    if (request.url() !== this.source.url) this.interrupt({ kind: "moved", url: request.url() });
    return route.abort("aborted");
  }

  async #fetch(request: Request): Promise<KeptAnswer> {
    const url = request.url();
    if (++this.#count > this.limits.requests || !this.#mayAsk(url)) throw refused();
    const posted = request.postDataBuffer();
    if (posted && posted.length > MAX_POST_BYTES) throw refused();
    const sent = await request.allHeaders();
    this.#allowHosts ??= this.#openedHosts();
    const opened = await this.#allowHosts;
    // What a page of the operator's own was given is not for one on a public address.
    const key = `${this.source.tenantId} ${opened.length > 0 ? "own" : "public"} ${sent.origin ?? ""} ${url}`;
    const mayBeKept = request.method() === "GET" && sent.authorization === undefined;
    const known = mayBeKept ? this.answers.get(key) : undefined;
    const answer = known ?? (await this.#inTurn(() => this.#send(request, opened, sent, posted)));
    if (mayBeKept && !known) this.answers.put(key, answer);
    this.#sizeBytes += answer.body.length;
    if (this.#sizeBytes > this.limits.totalBytes) throw refused();
    return answer;
  }

  async #send(
    request: Request,
    allowHosts: string[],
    sent: Record<string, string>,
    posted: Buffer | null,
  ): Promise<FetchResult> {
    if (this.#sizeBytes >= this.limits.totalBytes) throw refused();
    const answer = await safeFetch(request.url(), {
      allowHosts,
      ...(this.out.lookup ? { lookup: this.out.lookup } : {}),
      method: request.method(),
      headers: {
        ...Object.fromEntries(Object.entries(sent).filter(([name]) => !NOT_SENT.test(name))),
        "user-agent": this.out.userAgent,
      },
      ...(posted ? { body: posted } : {}),
      signal: this.#abort.signal,
      timeoutMs: this.limits.timeoutMs,
      maxBodyBytes: MAX_ANSWER_BYTES,
      onRedirect: (url) => this.#mayAsk(url),
    });
    if (answer.status === 429 && new URL(answer.url).host === new URL(this.source.url).host)
      this.interrupt({ kind: "slow_down", waitMs: retryAfterMs(answer.headers["retry-after"]) ?? SLOW_DOWN_MS });
    return answer;
  }

  /** A public page reaches public addresses only: what the operator opened is for pages that are opened themselves. */
  async #openedHosts(): Promise<string[]> {
    const { lookup } = this.out;
    const isPublic = (await checkUrl(this.source.url, lookup ? { lookup } : {})).ok;
    return isPublic ? [] : this.out.allowHosts;
  }

  #mayAsk(url: string): boolean {
    const target = URL.parse(url);
    return target !== null && (target.origin !== new URL(this.source.url).origin || this.source.allowed(url));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    while (this.#running >= this.limits.parallelRequests)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}

const handedOver = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => HANDED_OVER.test(name)));

const refused = (): AppError => new AppError("url_blocked", "The page asks for more than it may.");
