import type { Pool } from "pg";
import type { AgentSettings } from "@/lib/agents/schema";
import { newId, sha256 } from "@/lib/core/ids";
import { call, callRows, json } from "@/lib/db/pool";
import type { TestDatabase } from "@/lib/testing/database";

/** A tenant with one agent and one website, as rows; the owner wrote them, so no sign-up is needed. */
export interface Tenant {
  tenantId: string;
  agentId: string;
  publicId: string;
  sourceId: string;
}

let count = 0;

export async function addTenant(owner: Pool): Promise<Tenant> {
  const n = ++count;
  const one = async (sql: string, values: unknown[]) => (await owner.query(sql, values)).rows[0];
  const { id: tenantId } = await one("insert into tenants (slug, name) values ($1, $1) returning id", [`tenant-${n}`]);
  const agent = await one(
    "insert into agents (tenant_id, name, allowed_domains) values ($1, 'Agent', '{shop.test,*.wild.test,local.test:8080}') returning id, public_id",
    [tenantId],
  );
  const { id: sourceId } = await one(
    "insert into sources (tenant_id, agent_id, name, url) values ($1, $2, 'Site', 'https://shop.test/') returning id",
    [tenantId, agent.id],
  );
  return { tenantId, agentId: agent.id, publicId: agent.public_id, sourceId };
}

/** Other settings for what visitors get, without a version of their own. */
export const changeSettings = (owner: Pool, agentId: string, settings: Partial<AgentSettings>) =>
  owner.query("update agent_versions set settings = settings || $2 where agent_id = $1 and state = 'published'", [
    agentId,
    JSON.stringify(settings),
  ]);

export const MODEL = "local/test-4";

export const link = (path: string, depth = 1) => {
  const url = `https://shop.test${path}`;
  return { url, hash: sha256(url), host: "shop.test", depth };
};

export interface NewPage {
  id: string;
  url: string;
}

/** A run that has begun; returns its id and its first page. */
export async function beginRun(
  db: Pool,
  { tenantId, sourceId }: Tenant,
): Promise<{ runId: string; rootPageId: string }> {
  const { runId } = await call<{ runId: string }>(db, "start_crawl_run", {
    tenant_id: tenantId,
    source_id: sourceId,
    run_id: newId(),
  });
  const begun = await call<{ startPages: { id: string }[] }>(db, "begin_crawl_run", {
    tenant_id: tenantId,
    run_id: runId,
  });
  return { runId, rootPageId: begun.startPages[0]!.id };
}

/** Claims a page without any pause at the host. */
export const claim = (
  db: Pool,
  tenantId: string,
  runId: string,
  pageId: string,
  { leaseMs = 60_000, delayMs = 0 } = {},
) =>
  call<{ state: string; lease: string; waitMs: number; attempt: number }>(db, "claim_page", {
    tenant_id: tenantId,
    run_id: runId,
    page_id: pageId,
    lease_ms: leaseMs,
    delay_ms: delayMs,
    own_hosts: [],
  });

/** One chunk a text, one term a word of it. Terms are small numbers given by the test. */
export const chunk = (content: string, terms: number[], position = 0) => ({
  position,
  kind: "text",
  headingPath: ["Help"],
  anchor: null,
  content,
  tokenCount: terms.length,
  contentHash: sha256(content),
  terms: [...terms].sort((a, b) => a - b),
  termFrequencies: terms.map(() => 1),
  length: terms.length,
});

export interface StoreResult {
  outcome: string;
  versionId: string;
  newPages: NewPage[];
  runDone: boolean;
}

export const store = (
  db: Pool,
  ref: { tenantId: string; runId: string; pageId: string; lease: string },
  { text = "Some text", chunks = [chunk(text, [1, 2, 3])], links = [] as ReturnType<typeof link>[] } = {},
) =>
  call<StoreResult>(db, "store_page", {
    tenant_id: ref.tenantId,
    run_id: ref.runId,
    page_id: ref.pageId,
    lease: ref.lease,
    page: json({ httpStatus: 200, title: "Title", markdown: text, contentHash: sha256(text), wordCount: 3 }),
    chunks: json(chunks),
    links: json(links),
  });

/** Embeds whatever is missing with the same small vector, and publishes. */
export async function publish(
  db: Pool,
  tenantId: string,
  versionId: string,
  embedding = "[1,0,0,0]",
): Promise<boolean> {
  const missing = await call<{ chunks: { id: string }[] } | null>(db, "chunks_to_embed", {
    tenant_id: tenantId,
    version_id: versionId,
    embedding_model: MODEL,
  });
  const { outcome } = await call<{ outcome: string }>(db, "publish_page", {
    tenant_id: tenantId,
    version_id: versionId,
    embeddings: json((missing?.chunks ?? []).map(({ id }) => ({ id, embedding }))),
    embedding_model: MODEL,
  });
  return outcome === "published";
}

/** A tenant whose site is one published page with the given chunks. */
export async function withPublishedPage(
  { owner, service }: Pick<TestDatabase, "owner" | "service">,
  chunks: ReturnType<typeof chunk>[],
) {
  const tenant = await addTenant(owner);
  const { runId, rootPageId } = await beginRun(service, tenant);
  const { lease } = await claim(service, tenant.tenantId, runId, rootPageId);
  const stored = await store(
    service,
    { ...tenant, runId, pageId: rootPageId, lease },
    { text: `page of ${tenant.agentId}`, chunks },
  );
  await publish(service, tenant.tenantId, stored.versionId);
  return { ...tenant, runId, pageId: rootPageId, versionId: stored.versionId };
}

export interface Matches {
  chunkIds: string[];
  lexical: number[];
  similarity: number[];
  knownTerms: number[];
}

export interface Matched {
  content: string;
  lexical: number;
  similarity: number;
}

export const findChunks = (
  db: Pool,
  { tenantId, agentId }: Pick<Tenant, "tenantId" | "agentId">,
  terms: number[],
  { embedding = null, model = MODEL, limit = 10 }: { embedding?: string | null; model?: string; limit?: number } = {},
): Promise<Matches> =>
  call(db, "match_chunks", {
    tenant_id: tenantId,
    agent_id: agentId,
    terms,
    weights: terms.map(() => 1),
    embedding,
    embedding_model: model,
    limit,
  });

/** What match_chunks finds, with its texts. */
export async function match(
  db: Pool,
  owner: Pick<Tenant, "tenantId" | "agentId">,
  terms: number[],
  embedding: string | null = null,
): Promise<Matched[]> {
  const { chunkIds, lexical, similarity } = await findChunks(db, owner, terms, { embedding });
  const rows = await callRows<{ chunk_id: string; content: string }>(db, "read_chunks", {
    tenant_id: owner.tenantId,
    agent_id: owner.agentId,
    chunk_ids: chunkIds,
  });
  const texts = new Map(rows.map((row) => [row.chunk_id, row.content]));
  return chunkIds.map((id, at) => ({ content: texts.get(id)!, lexical: lexical[at]!, similarity: similarity[at]! }));
}
