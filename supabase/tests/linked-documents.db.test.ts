import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { call, json } from "@/lib/db/pool";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addTenant, beginRun, chunk, claim, publish, type Tenant } from "./fixtures";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const BODY = Buffer.from("%PDF-1.7 as the site sent it");

type Ref = { tenantId: string; runId: string; pageId: string; lease: string };

const handOver = (ref: Ref, body = BODY) =>
  call<{ handedOver: boolean; nudge: number; place: number }>(db.service, "hand_over_document", {
    tenant_id: ref.tenantId,
    run_id: ref.runId,
    page_id: ref.pageId,
    lease: ref.lease,
    name: "terms.pdf",
    parse_as: "document",
    body,
    http_status: 200,
    etag: '"1"',
    last_modified: null,
  });
const claimDocument = ({ tenantId, runId, pageId }: Omit<Ref, "lease">, leaseMs = 60_000) =>
  call<{ state: string; lease: string; kind: string; attempt: number; linked: object }>(db.service, "claim_document", {
    tenant_id: tenantId,
    run_id: runId,
    page_id: pageId,
    lease_ms: leaseMs,
  });
const piece = ({ tenantId, pageId, lease }: Ref, offset = 0, size = 1_000) =>
  call<Buffer | null>(db.service, "document_piece", { tenant_id: tenantId, page_id: pageId, lease, offset, size });
const kept = async ({ tenantId }: { tenantId: string }) =>
  (await db.owner.query("select page_id from private.fetched_documents where tenant_id = $1", [tenantId])).rows.length;

/** A page of a run that begins, with the lease of who fetches it. */
async function fetching(tenant?: Tenant): Promise<Ref & Tenant> {
  const of = tenant ?? (await addTenant(db.owner));
  const { runId, rootPageId: pageId } = await beginRun(db.service, of);
  const { lease } = await claim(db.service, of.tenantId, runId, pageId);
  return { ...of, runId, pageId, lease };
}

const store = (ref: Ref) =>
  call<{ outcome: string; versionId: string }>(db.service, "store_document", {
    tenant_id: ref.tenantId,
    run_id: ref.runId,
    page_id: ref.pageId,
    lease: ref.lease,
    page: json({ title: "Terms", markdown: "Terms", contentHash: "a".repeat(64), wordCount: 1 }),
    chunks: json([chunk("Terms", [1])]),
  });

test("a fetched document waits for who reads documents, and is fetched by nobody meanwhile", async () => {
  const page = await fetching();
  expect(await handOver(page)).toEqual({ handedOver: true, nudge: 0, place: 1 });
  expect(await claim(db.service, page.tenantId, page.runId, page.pageId)).toEqual({ state: "document", nudge: 0 });
  const reading = await claimDocument(page);
  expect(reading).toMatchObject({
    state: "go",
    kind: "linked",
    attempt: 1,
    linked: { name: "terms.pdf", parseAs: "document" },
  });
  expect(await claim(db.service, page.tenantId, page.runId, page.pageId)).toMatchObject({ state: "wait" });
  const stored = await store({ ...page, lease: reading.lease });
  expect(stored).toMatchObject({ outcome: "stored" });
  await publish(db.service, page.tenantId, stored.versionId);
  const { rows } = await db.owner.query("select status, http_status, etag from pages where id = $1", [page.pageId]);
  expect(rows).toEqual([{ status: "published", http_status: 200, etag: '"1"' }]);
  expect(await kept(page)).toBe(0);
});

test("a document is read in pieces, by who has the lease alone", async () => {
  const page = await fetching();
  await handOver(page);
  expect(await piece(page), "who fetched it has no lease any more").toBeNull();
  const { lease } = await claimDocument(page);
  const reading = { ...page, lease };
  const parts = [await piece(reading, 0, 10), await piece(reading, 10, 10), await piece(reading, 20, 100)];
  expect(Buffer.concat(parts as Buffer[])).toEqual(BODY);
  expect(await piece(reading, BODY.length)).toEqual(Buffer.alloc(0));
  expect(await piece({ ...reading, lease: newId() })).toBeNull();
  const stranger = await addTenant(db.owner);
  expect(await piece({ ...reading, tenantId: stranger.tenantId })).toBeNull();
});

test("another tenant, another run and an old lease hand nothing over, store nothing and close nothing", async () => {
  const page = await fetching();
  const stranger = await fetching();
  const wrong: Ref[] = [
    { ...page, tenantId: stranger.tenantId },
    { ...page, runId: stranger.runId },
    { ...page, lease: newId() },
  ];
  for (const ref of wrong) expect(await handOver(ref)).toMatchObject({ handedOver: false });
  expect(await kept(page)).toBe(0);
  await handOver(page);
  const { lease } = await claimDocument(page);
  for (const ref of [{ ...page, tenantId: stranger.tenantId, lease }, page]) {
    expect(await claimDocument({ ...ref, runId: stranger.runId })).toEqual({ state: "done" });
    expect(await store(ref)).toMatchObject({ outcome: "lost" });
    const closed = await call(db.service, "close_document", {
      tenant_id: ref.tenantId,
      run_id: ref.runId,
      page_id: ref.pageId,
      lease: ref.lease,
      status: "failed",
      code: "broken",
      reason: "Broken.",
    });
    expect(closed).toMatchObject({ outcome: "lost" });
  }
  expect(await kept(page), "it is still there for who has the lease").toBe(1);
});

test("a page that was not handed over is no document, whoever asks", async () => {
  const page = await fetching();
  expect(await claimDocument(page)).toEqual({ state: "done" });
});

test("a paused run reads no document; resumed it goes on with what was fetched", async () => {
  const page = await fetching();
  await handOver(page);
  const run = { tenant_id: page.tenantId, run_id: page.runId };
  await call(db.service, "pause_crawl_run", run);
  expect(await claimDocument(page)).toEqual({ state: "done" });
  const resumed = await call<{ newPages: { id: string; nudge: number }[] }>(db.service, "resume_crawl_run", run);
  expect(resumed.newPages).toMatchObject([{ id: page.pageId, nudge: 1 }]);
  expect(await claim(db.service, page.tenantId, page.runId, page.pageId)).toEqual({ state: "document", nudge: 1 });
  expect(await claimDocument(page)).toMatchObject({ state: "go" });
});

test("what a stopped run had fetched is forgotten by the sweep, and counts for nothing in the next run", async () => {
  const page = await fetching();
  await handOver(page);
  await call(db.service, "cancel_crawl_run", { tenant_id: page.tenantId, run_id: page.runId });
  const other = await fetching();
  await handOver(other);
  const next = await fetching(page);
  expect(next.lease, "the page is fetched anew").toBeTruthy();
  expect(await kept(page)).toBe(1);
  await call(db.service, "sweep_crawls", {});
  expect([await kept(page), await kept(other)]).toEqual([0, 1]);
});

test("deleting its source or its tenant takes a fetched document along", async () => {
  for (const table of ["sources", "tenants"]) {
    const page = await fetching();
    await handOver(page);
    await db.owner.query(`delete from ${table} where id = $1`, [table === "sources" ? page.sourceId : page.tenantId]);
    expect(await kept(page)).toBe(0);
  }
});

test("a document that takes every worker down with it is given up, and forgotten", async () => {
  const page = await fetching();
  await handOver(page);
  await db.owner.query("update pages set nudges = 11, updated_at = now() - interval '3 hours' where id = $1", [
    page.pageId,
  ]);
  await call(db.service, "sweep_crawls", {});
  const { rows } = await db.owner.query("select status, reason_code from pages where id = $1", [page.pageId]);
  expect(rows).toEqual([{ status: "failed", reason_code: "processing_failed" }]);
  expect(await kept(page)).toBe(0);
});
