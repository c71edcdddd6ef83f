import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { crashPoint, fingerprintOf } from "@/lib/crawl";
import { crawlPageJob } from "@/lib/crawl/jobs";
import { call, json } from "@/lib/db/pool";
import { indexTerms } from "@/lib/knowledge";
import { type RunAgain, runAgainIn } from "@/lib/queue";
import type { FilesDeps } from "./deps";
import { chunkDocument, type ParsedDocument, withoutMarks } from "./document";
import { DOCUMENT_READER, ingestDocumentJob } from "./jobs";
import { pairsDocument } from "./pairs-document";
import type { FileKind } from "./parse/detect";
import type { ParsedFile } from "./parse/parse-file";
import { FileProblem, type ProblemCode } from "./problem";
import { scanFile } from "./scan";

const Claim = z.discriminatedUnion("state", [
  z.object({ state: z.literal("done") }),
  z.object({ state: z.literal("wait"), waitMs: z.number() }),
  z.object({
    state: z.literal("go"),
    lease: z.uuid(),
    attempt: z.number(),
    agentId: z.uuid(),
    sourceName: z.string(),
    /** "linked": its crawl has fetched it. */
    kind: z.enum(["file", "text", "qa", "linked"]),
    file: z.object({ id: z.uuid(), name: z.string(), path: z.string(), sizeBytes: z.number() }).nullable(),
    linked: z.object({ name: z.string(), parseAs: z.string() }).nullable(),
    text: z.string().nullable(),
    pairs: z.array(z.object({ question: z.string(), answer: z.string() })),
  }),
]);
type Claimed = Extract<z.infer<typeof Claim>, { state: "go" }>;

const NewPages = z.object({
  newPages: z.array(z.object({ id: z.uuid(), nudge: z.number(), place: z.number().optional() })),
});
const Stored = NewPages.extend({
  outcome: z.enum(["stored", "unchanged", "duplicate", "lost"]),
  versionId: z.uuid().nullish(),
  place: z.number().nullish(),
});

export type DocumentRef = { tenantId: string; runId: string; pageId: string };
/** Parsing one file in a process of its own; given by tests that need none. */
export type Parse = (task: { path: string; name: string }, signal: AbortSignal) => Promise<ParsedFile>;
type Embed = (version: { tenantId: string; versionId: string }, place: number) => Promise<unknown>;

/** Scanning takes up to a minute, starting the process that parses and its time half of one. */
const LEASE_MS = 180_000;
const RELEASE_MS = 1_000;
/** Until Storage or the scanner is asked again. */
const AWAY_MS = 30_000;
const MAX_CLAIMS = 7;
/** Of a fetched document: what is asked of the database at once. */
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * Reads one file, text, list of questions or linked document: what it holds becomes a version of its page, by the same call that stores a crawled page.
 * @param embed gets the version that is to be embedded
 */
export async function readDocument(
  deps: FilesDeps,
  ref: DocumentRef,
  signal: AbortSignal,
  { parse, embed }: { parse: Parse; embed: Embed },
): Promise<RunAgain | undefined> {
  const args = { tenant_id: ref.tenantId, run_id: ref.runId, page_id: ref.pageId };
  const claim = Claim.parse(await call(deps.db, "claim_document", { ...args, lease_ms: LEASE_MS }));
  if (claim.state === "done") return;
  if (claim.state === "wait") return runAgainIn(claim.waitMs);
  try {
    if (claim.attempt > MAX_CLAIMS)
      throw new FileProblem(
        "broken",
        "This file could not be read, although it was tried many times. Upload it in another form.",
      );
    const document = await read(deps, ref, claim, signal, parse);
    await store(deps, ref, claim, document, embed);
  } catch (error) {
    if (error instanceof FileProblem) return close(deps, ref, claim, error);
    const isAway = error instanceof AppError && error.policy.retry && !signal.aborted;
    // Whoever tries next should not have to wait for the lease to end. What another server failed at says nothing of the file.
    const waitMs = isAway ? AWAY_MS : RELEASE_MS;
    const lease = { tenant_id: ref.tenantId, page_id: ref.pageId, lease: claim.lease };
    await call(deps.db, "defer_document", { ...lease, wait_ms: waitMs, counts: !isAway }).catch(() => {});
    if (!isAway) throw error;
    log.warn({ event: "files.waiting", tenantId: ref.tenantId, runId: ref.runId, reason: error.message });
    return runAgainIn(AWAY_MS);
  }
}

type Read = ParsedDocument & { fileKind?: FileKind };

async function read(
  deps: FilesDeps,
  ref: DocumentRef,
  claim: Claimed,
  signal: AbortSignal,
  parse: Parse,
): Promise<Read> {
  if (claim.kind === "qa") return pairsDocument(claim.pairs);
  if (claim.kind === "text")
    return {
      title: "",
      description: null,
      language: null,
      markdown: claim.text ?? "",
      places: null,
      count: null,
      notes: [],
    };
  const folder = await mkdtemp(join(tmpdir(), "alonchat-file-"));
  try {
    const path = join(folder, "upload");
    if (claim.linked) await takeFetched(deps, ref, claim.lease, path);
    else await writeFile(path, await download(deps, claim.file?.path));
    crashPoint(deps, "download");
    if (deps.config.scanner) await scanFile(path, deps.config.scanner, signal);
    const { kind, document } = await parse({ path, name: claim.linked?.parseAs ?? claim.file!.name }, signal);
    crashPoint(deps, "parse");
    if (claim.file)
      await call(deps.db, "describe_file", {
        tenant_id: ref.tenantId,
        file_id: claim.file.id,
        kind,
        place_count: document.count,
        notes: document.notes,
      });
    return { ...document, fileKind: kind };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes what the site sent into a file, piece by piece: the whole is never in memory here. */
async function takeFetched(deps: FilesDeps, { tenantId, pageId }: DocumentRef, lease: string, path: string) {
  for (let offset = 0; ; offset += PIECE_BYTES) {
    const args = { tenant_id: tenantId, page_id: pageId, lease, offset, size: PIECE_BYTES };
    const piece = await call<Buffer | null>(deps.db, "document_piece", args);
    // Another has the lease; whatever is made of this is refused.
    if (!piece) throw new FileProblem("missing", "The document was fetched anew meanwhile. Refresh the source.");
    await appendFile(path, piece);
    if (piece.length < PIECE_BYTES) return;
  }
}

async function download({ storage, config }: FilesDeps, path: string | undefined): Promise<Buffer> {
  if (path === undefined || !storage)
    throw new FileProblem("missing", "The uploaded file is no longer there. Upload it again.");
  return storage.download(path, config.maxFileBytes).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found")
      throw new FileProblem("missing", "The uploaded file is no longer there. Upload it again.");
    if (error instanceof AppError && error.code === "content_too_large")
      throw new FileProblem(
        "too_large",
        `This file is larger than ${Math.floor(config.maxFileBytes / 1024 / 1024)} MB. Split it and upload the parts.`,
      );
    throw error;
  });
}

async function store(deps: FilesDeps, ref: DocumentRef, claim: Claimed, document: Read, embed: Embed): Promise<void> {
  const { linked, kind } = claim;
  const name = (linked?.name ?? claim.file?.name ?? claim.sourceName).slice(0, 500);
  // Addresses end in anything; members know what they uploaded by its name.
  const title = (linked && document.title) || name;
  const chunks = chunkDocument(document).map((chunk) => {
    const { terms, tf, length, longWords } = indexTerms({
      title: document.title ? `${name} ${document.title}` : name,
      headingPath: chunk.headingPath,
      content: chunk.content,
      language: document.language,
      agentId: claim.agentId,
    });
    return { ...chunk, terms, termFrequencies: tf, length, longWords };
  });
  if (chunks.length === 0)
    throw new FileProblem("no_text", kind === "qa" ? "This list holds no questions." : "No text was found here.");
  const markdown = withoutMarks(document.markdown);
  // The same file under two names is a duplicate; a text that is renamed is to be found by its new name.
  const hashed = linked ? document.title : kind === "file" ? "" : title;
  const stored = Stored.parse(
    await call(deps.db, linked ? "store_document" : "store_page", {
      tenant_id: ref.tenantId,
      run_id: ref.runId,
      page_id: ref.pageId,
      lease: claim.lease,
      page: json({
        title,
        language: document.language,
        description: document.description,
        markdown,
        contentHash: sha256(`${DOCUMENT_READER}\n${hashed}\n${document.markdown}`),
        wordCount: markdown.split(/\s+/).filter(Boolean).length,
        metadata: { kind: linked ? document.fileKind : kind, notes: document.notes },
        reader: DOCUMENT_READER,
        ...(linked && { fingerprint: fingerprintOf(document.title, markdown) }),
      }),
      chunks: json(chunks),
      ...(linked ? {} : { links: "[]" }),
    }),
  );
  crashPoint(deps, "store");
  log.info({
    event: "files.stored",
    tenantId: ref.tenantId,
    runId: ref.runId,
    outcome: stored.outcome,
    chunks: chunks.length,
  });
  if (stored.outcome === "stored" && stored.versionId)
    await embed({ tenantId: ref.tenantId, versionId: stored.versionId }, stored.place ?? 1);
  await readMore(deps, ref, claim, stored);
}

async function close(
  deps: FilesDeps,
  ref: DocumentRef,
  claim: Claimed,
  { code, message }: FileProblem,
): Promise<undefined> {
  log.info({ event: "files.refused", tenantId: ref.tenantId, runId: ref.runId, code });
  const args = { tenant_id: ref.tenantId, run_id: ref.runId, page_id: ref.pageId, lease: claim.lease };
  const closed = NewPages.parse(
    claim.linked
      ? await call(deps.db, "close_document", { ...args, status: statusOf(claim, code), code, reason: message })
      : await call(deps.db, "close_page", {
          ...args,
          status: statusOf(claim, code),
          code,
          reason: message,
          http_status: null,
          links: "[]",
        }),
  );
  await readMore(deps, ref, claim, closed);
}

function statusOf({ kind }: Claimed, code: ProblemCode): "excluded" | "failed" {
  // What a site links to is no mistake for being no document.
  if (kind === "linked") return code === "unsupported_content" ? "excluded" : "failed";
  // Of a list whose last question was deleted nothing may stay in the knowledge; what cannot be read today was read before.
  return kind === "qa" && code === "no_text" ? "excluded" : "failed";
}

/** Pages that this one's end has set free. */
async function readMore(
  deps: FilesDeps,
  { tenantId, runId }: DocumentRef,
  { linked }: Claimed,
  { newPages }: z.infer<typeof NewPages>,
): Promise<void> {
  for (const { id, nudge, place } of newPages)
    await deps.queues.add(
      linked ? crawlPageJob : ingestDocumentJob,
      { tenantId, runId, pageId: id },
      { nudge, ...(place === undefined ? {} : { place }) },
    );
}
