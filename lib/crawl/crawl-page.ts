import { z } from "zod";
import { sha256 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { call, json } from "@/lib/db/pool";
import { DOCUMENT_READER, ingestDocumentJob } from "@/lib/files/jobs";
import { type Chunk, chunkMarkdown, indexTerms } from "@/lib/knowledge";
import { isAllowedHost } from "@/lib/net";
import { type RunAgain, runAgainIn } from "@/lib/queue";
import { keepBody } from "./bodies/keep-body";
import { readBody } from "./bodies/read-body";
import { type CrawlDeps, crashPoint } from "./deps";
import type { DocumentPlace } from "./document-room";
import { enqueuePages, NewPages } from "./enqueue-pages";
import { fetchOwnPage } from "./fetch-own-page";
import { type Ending, fetchPage, type PageResponse, redirectEnding, type Visit } from "./fetch-page";
import { documentOf, handOver } from "./hand-over-document";
import { embedPageJob } from "./jobs";
import { NO_TEXT, READER_VERSION, type ReadPage, readPage } from "./read-page";
import { readRendered } from "./read-rendered";
import { hostRules } from "./robots-store";
import { followable, mayFollow, type Scope } from "./scope";
import { linkRow } from "./start-run";

const Claim = z.discriminatedUnion("state", [
  z.object({ state: z.literal("done") }),
  z.object({ state: z.literal("wait"), waitMs: z.number() }),
  /** Fetched, and waiting for who reads documents. */
  z.object({ state: z.literal("document"), nudge: z.number() }),
  z.object({
    state: z.literal("go"),
    lease: z.uuid(),
    url: z.string(),
    depth: z.number(),
    attempt: z.number(),
    etag: z.string().nullable(),
    lastModified: z.string().nullable(),
    /** The live version, when another reader made it. */
    rereadVersionId: z.uuid().nullable(),
    ignoreCanonical: z.boolean(),
    /** The host asked for so long a pause that the page is given up. */
    blockedMs: z.number(),
    /** When robots.txt was read last, in Unix milliseconds. */
    robotsAt: z.number().nullable(),
    agentId: z.uuid(),
    kind: z.enum(["website", "sitemap", "urls"]),
    /** Of a list of addresses: the page itself. */
    sourceUrl: z.string(),
    maxDepth: z.number(),
    maxBytes: z.number(),
    include: z.array(z.string()),
    exclude: z.array(z.string()),
    readDocuments: z.boolean(),
  }),
]);
type Claimed = Extract<z.infer<typeof Claim>, { state: "go" }>;

const Stored = z.object({
  outcome: z.enum(["stored", "unchanged", "duplicate", "lost"]),
  versionId: z.uuid().nullish(),
  place: z.number().nullish(),
  newPages: NewPages,
});
const Closed = z.object({ newPages: NewPages });

type PageRef = { tenantId: string; runId: string; pageId: string };

/** Longer than any visit takes: leave to ask comes within 1 s, fetching ends after 30, the wait for a browser after 45, its start after 20, a page in it after 20. */
const LEASE_MS = 120_000;
/** Tries at a page whose site does not answer well. */
const MAX_ATTEMPTS = 4;
/** More claims than that mean that the page takes its worker down with it. */
const MAX_CLAIMS = 7;
const LONGEST_WAIT_MS = 15 * 60_000;
const RELEASE_MS = 1_000;
/** For leave to ask a host of the operator's. */
const PATIENCE_MS = 1_000;

/** Visits one page of a run: its turn at the host, robots.txt, fetch, extraction, chunks, and one SQL call that stores what changed. */
export async function crawlPage(deps: CrawlDeps, ref: PageRef, signal: AbortSignal): Promise<RunAgain | undefined> {
  const claim = Claim.parse(
    await call(deps.db, "claim_page", {
      tenant_id: ref.tenantId,
      run_id: ref.runId,
      page_id: ref.pageId,
      lease_ms: LEASE_MS,
      delay_ms: deps.config.minDelayMs,
      own_hosts: deps.config.allowHosts,
      readers: [READER_VERSION, DOCUMENT_READER],
    }),
  );
  if (claim.state === "done") return;
  if (claim.state === "document") {
    await deps.queues.add(ingestDocumentJob, ref, { nudge: claim.nudge });
    return;
  }
  if (claim.state === "wait") return runAgainIn(claim.waitMs);
  const place = deps.documentRoom.place();
  try {
    return await visit(deps, ref, claim, place, signal);
  } catch (error) {
    // Whoever tries next should not have to wait for the lease to end.
    await defer(deps, ref, claim, { waitMs: RELEASE_MS }).catch(() => {});
    throw error;
  } finally {
    place.leave();
  }
}

async function visit(
  deps: CrawlDeps,
  ref: PageRef,
  claim: Claimed,
  place: DocumentPlace,
  signal: AbortSignal,
): Promise<RunAgain | undefined> {
  const obstacle = await obstacleOf(deps, claim, signal);
  if (obstacle) return close(deps, ref, claim, obstacle);
  const result = await fetchOrReread(deps, ref, claim, place, signal);
  if (!result)
    return (await defer(deps, ref, claim, { waitMs: RELEASE_MS, wasAsked: false }))
      ? runAgainIn(RELEASE_MS)
      : undefined;
  crashPoint(deps, "fetch");
  if (!("response" in result)) return putOff(deps, ref, claim, result);

  const { response } = result;
  if (claim.readDocuments) {
    const found = documentOf(deps.config, response, claim.url);
    if (found && "ending" in found) return close(deps, ref, claim, found.ending);
    if (found) return handOver(deps, ref, claim.lease, response, found.document);
  }
  const { ignoreCanonical } = claim;
  const { userAgent } = deps.config;
  let reading = readPage(response.body, claim.url, response.headers, { ignoreCanonical, userAgent });
  const isRendered = reading.kind === "left_out" && reading.code === "needs_javascript";
  if (isRendered) {
    const { allowed } = await hostRules(deps, claim.url, signal, { notBeforeMs: claim.robotsAt });
    const rendered = await readRendered(deps, { ...claim, tenantId: ref.tenantId, response, allowed }, signal);
    if (!("reading" in rendered)) return putOff(deps, ref, claim, rendered);
    reading = rendered.reading;
  }
  crashPoint(deps, "extract");
  if (reading.kind === "left_out") {
    if (reading.movedTo) return close(deps, ref, claim, redirectEnding(claim, response.status, reading.movedTo));
    return close(deps, ref, claim, { ...reading, httpStatus: response.status });
  }
  const { page, links } = reading;
  const chunks = chunkMarkdown({ markdown: page.markdown, title: page.title, url: claim.url });
  if (chunks.length === 0)
    return close(deps, ref, claim, {
      status: "excluded",
      code: "no_text",
      reason: NO_TEXT,
      httpStatus: response.status,
      links,
    });
  return store(deps, ref, claim, response, { page, chunks, links, isRendered });
}

/** A visit without text: tried again later, or ended. */
async function putOff(
  deps: CrawlDeps,
  ref: PageRef,
  claim: Claimed,
  result: Exclude<Visit, { response: unknown }>,
): Promise<RunAgain | undefined> {
  if (!("deferMs" in result)) return close(deps, ref, claim, result.ending);
  const { deferMs, wholeHost, ending } = result;
  if (deferMs > LONGEST_WAIT_MS) {
    await defer(deps, ref, claim, { waitMs: deferMs, wholeHost });
    return runAgainIn(0);
  }
  if (claim.attempt >= MAX_ATTEMPTS) return close(deps, ref, claim, ending);
  return (await defer(deps, ref, claim, { waitMs: deferMs, wholeHost })) ? runAgainIn(deferMs) : undefined;
}

/**
 * What the site sends. A page that has not changed since another reader read it is read anew from what was kept of it; only if nothing was,
 * the site is asked for the whole. Null when the host has as many requests to answer as it can bear,
 * or the worker as many large documents.
 */
async function fetchOrReread(
  deps: CrawlDeps,
  ref: PageRef,
  claim: Claimed,
  place: DocumentPlace,
  signal: AbortSignal,
): Promise<Visit | null> {
  const visit = await ask(deps, claim, place, signal);
  if (!visit) return null;
  const isUnchanged = "ending" in visit && !("deferMs" in visit) && visit.ending.httpStatus === 304;
  if (!isUnchanged || !claim.rereadVersionId) return visit;
  const kept = await readBody(deps, { tenantId: ref.tenantId, versionId: claim.rereadVersionId });
  if (!kept) return ask(deps, { ...claim, etag: null, lastModified: null }, place, signal);
  const { etag, lastModified } = claim;
  const validators = { ...(etag ? { etag } : {}), ...(lastModified ? { "last-modified": lastModified } : {}) };
  return { response: { status: 200, body: kept.body, headers: { ...kept.headers, ...validators } } };
}

/** The operator's own hosts have no pause between requests, but only so many open at once as they answer well. */
function ask(
  { config, openRequests }: CrawlDeps,
  claim: Claimed,
  place: DocumentPlace,
  signal: AbortSignal,
): Promise<Visit | null> {
  const documents = claim.readDocuments ? { maxBytes: config.maxFileBytes, place } : undefined;
  const request = { ...claim, documents };
  const { hostname, port, protocol } = new URL(claim.url);
  const isOwn = isAllowedHost(hostname, Number(port) || (protocol === "https:" ? 443 : 80), config.allowHosts);
  return isOwn
    ? fetchOwnPage(openRequests, config, request, { signal, patienceMs: PATIENCE_MS })
    : fetchPage(config, request, signal);
}

/** Why a page is not even asked for. */
async function obstacleOf(deps: CrawlDeps, claim: Claimed, signal: AbortSignal): Promise<Ending | undefined> {
  if (claim.attempt > MAX_CLAIMS)
    return {
      status: "failed",
      code: "processing_failed",
      reason: "This page could not be processed, although it was tried many times.",
    };
  if (claim.blockedMs > 0)
    return {
      status: "failed",
      code: "http_429",
      reason: `The site asked us to stay away for ${Math.ceil(claim.blockedMs / 60_000)} minutes. Refresh this source after that.`,
    };
  // The rules of the source may have changed since the link was found.
  if (claim.depth > 0 && !mayFollow(claim.url, claim.depth, claim))
    return {
      status: "excluded",
      code: "out_of_scope",
      reason: "This page lies outside of what this source covers.",
      links: [],
    };
  const rules = await hostRules(deps, claim.url, signal, { notBeforeMs: claim.robotsAt });
  if (rules.denial) return { status: "failed", ...rules.denial };
  if (!rules.allowed(claim.url))
    return {
      status: "excluded",
      code: "robots_denied",
      reason: "The site's robots.txt asks not to read this page.",
      links: [],
    };
  return undefined;
}

async function close(deps: CrawlDeps, ref: PageRef, claim: Claimed, ending: Ending): Promise<undefined> {
  const { status, code, reason, httpStatus, links, mainUrl } = ending;
  const closed = Closed.parse(
    await call(deps.db, "close_page", {
      tenant_id: ref.tenantId,
      run_id: ref.runId,
      page_id: ref.pageId,
      lease: claim.lease,
      status,
      code,
      reason,
      http_status: httpStatus ?? null,
      links: links ? json(linksOf(leadsTo(links, claim, ending), claim, code)) : null,
      main_hash: mainUrl ? sha256(mainUrl) : null,
    }),
  );
  await enqueuePages(deps, ref, closed.newPages);
}

async function store(
  deps: CrawlDeps,
  ref: PageRef,
  claim: Claimed,
  response: PageResponse,
  { page, chunks, links, isRendered }: { page: ReadPage; chunks: Chunk[]; links: string[]; isRendered: boolean },
): Promise<undefined> {
  const rows = chunks.map((chunk) => {
    const { terms, tf, length, longWords } = indexTerms({
      title: page.title,
      headingPath: chunk.headingPath,
      content: chunk.content,
      language: page.language,
      agentId: claim.agentId,
    });
    return { ...chunk, terms, termFrequencies: tf, length, longWords };
  });
  crashPoint(deps, "chunk");
  // The shell of an application stays the same while what its scripts show changes: it is asked for anew each time.
  const { etag, "last-modified": lastModified }: Record<string, string | undefined> = isRendered
    ? {}
    : response.headers;
  const stored = Stored.parse(
    await call(deps.db, "store_page", {
      tenant_id: ref.tenantId,
      run_id: ref.runId,
      page_id: ref.pageId,
      lease: claim.lease,
      page: json({ ...page, httpStatus: response.status, etag, lastModified, isRendered, reader: READER_VERSION }),
      chunks: json(rows),
      links: json(linksOf(leadsTo(links, claim), claim, null)),
    }),
  );
  crashPoint(deps, "store");
  if (stored.versionId && stored.outcome !== "duplicate")
    await keepBody(deps, { tenantId: ref.tenantId, versionId: stored.versionId }, response);
  log.debug({
    event: "crawl.page_stored",
    tenantId: ref.tenantId,
    runId: ref.runId,
    outcome: stored.outcome,
    chunks: rows.length,
    newPages: stored.newPages.length,
  });
  if (stored.outcome === "stored" && stored.versionId)
    await deps.queues.add(
      embedPageJob,
      { tenantId: ref.tenantId, versionId: stored.versionId },
      { place: stored.place ?? 1 },
    );
  await enqueuePages(deps, ref, stored.newPages);
}

/**
 * Puts the page back for later. False when the lease is lost: somebody else has it.
 * @param later.wasAsked false when the site was not: then it is no try
 */
const defer = (
  deps: CrawlDeps,
  ref: PageRef,
  { lease }: Claimed,
  { waitMs, wholeHost = false, wasAsked = true }: { waitMs: number; wholeHost?: boolean; wasAsked?: boolean },
): Promise<boolean> =>
  call<boolean>(deps.db, "defer_page", {
    tenant_id: ref.tenantId,
    page_id: ref.pageId,
    lease,
    wait_ms: waitMs,
    whole_host: wholeHost,
    was_asked: wasAsked,
  });

/** A sitemap and a list of addresses are all there is: their pages lead to what stands for them, and nowhere else. */
function leadsTo(links: string[], { kind }: Claimed, { code, mainUrl }: Partial<Ending> = {}): string[] {
  if (kind === "website" || code === "redirect") return links;
  return mainUrl ? [mainUrl] : [];
}

/** Rows of the frontier. A redirect's target stands for the page: it keeps the depth, and as the start page it is not bound by patterns. */
function linksOf(links: string[], claim: Claimed, code: string | null) {
  const isRedirect = code === "redirect";
  const depth = isRedirect ? claim.depth : claim.depth + 1;
  const scope: Scope = isRedirect && depth === 0 ? withoutPatterns(claim) : claim;
  return followable(links, depth, scope).map((url) => linkRow(url, depth));
}

const withoutPatterns = (scope: Scope): Scope => ({ ...scope, include: [], exclude: [] });
