import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "@/lib/core/ids";
import { type CrawlDeps, startRun } from "@/lib/crawl";
import type { TestDatabase } from "@/lib/testing/database";

export interface TestSource {
  tenantId: string;
  agentId: string;
  sourceId: string;
  url: string;
}

export interface RunRow {
  id: string;
  status: string;
  found: number;
  fetched: number;
  published: number;
  unchanged: number;
  failed: number;
  excluded: number;
  chunks: number;
  error_code: string | null;
  error_message: string | null;
  finished_at: Date | null;
}

export interface PageRow {
  id: string;
  url: string;
  /** Path and query. */
  path: string;
  status: string;
  reason_code: string | null;
  reason: string | null;
  http_status: number | null;
  attempts: number;
  nudges: number;
  chunk_count: number;
  rendered: boolean;
  title: string | null;
}

/** A tenant with an agent and a website, as rows; the owner writes them, so no sign-up is needed. With `owner`, a further website of that one's agent. */
export async function addTestSource(
  { owner }: Pick<TestDatabase, "owner">,
  url: string,
  {
    maxPages = 500,
    include = [],
    exclude = [],
    kind = "website",
    urls = [],
    owner: of,
  }: {
    maxPages?: number;
    include?: string[];
    exclude?: string[];
    kind?: "website" | "sitemap" | "urls";
    /** Of the kind "urls". */
    urls?: string[];
    owner?: Pick<TestSource, "tenantId" | "agentId">;
  } = {},
): Promise<TestSource> {
  const { tenantId, agentId } = of ?? (await addTestAgent(owner));
  const sourceId = newId();
  await owner.query(
    "insert into sources (tenant_id, agent_id, id, name, url, max_pages, include_patterns, exclude_patterns, kind, config) values ($1, $2, $3, 'Site', $4, $5, $6, $7, $8, $9)",
    [tenantId, agentId, sourceId, kind === "urls" ? null : url, maxPages, include, exclude, kind, { urls }],
  );
  return { tenantId, agentId, sourceId, url };
}

async function addTestAgent(owner: TestDatabase["owner"]): Promise<{ tenantId: string; agentId: string }> {
  const [tenantId, agentId] = [newId(), newId()];
  const slug = `t-${tenantId.slice(-12)}`;
  await owner.query("insert into tenants (id, slug, name) values ($1, $2, 'Test')", [tenantId, slug]);
  await owner.query("insert into agents (tenant_id, id, name) values ($1, $2, 'Test')", [tenantId, agentId]);
  return { tenantId, agentId };
}

const ENDED = ["completed", "failed", "cancelled"];

/** Waits until a run has ended. @throws Error with what is left to do when it takes too long */
export async function endOfRun(
  { owner }: Pick<TestDatabase, "owner">,
  runId: string,
  timeoutMs = 120_000,
): Promise<RunRow> {
  const startedAt = Date.now();
  for (;;) {
    const run: RunRow = (await owner.query("select * from crawl_runs where id = $1", [runId])).rows[0];
    if (ENDED.includes(run.status)) return run;
    if (Date.now() - startedAt > timeoutMs) {
      const { rows } = await owner.query(
        "select url, status, attempts, nudges, enqueued_at, not_before, lease_until from pages where run_id = $1 and status in ('queued', 'fetching', 'embedding') limit 10",
        [runId],
      );
      throw new Error(`The run is still ${JSON.stringify(run)}; left: ${JSON.stringify(rows)}`);
    }
    await sleep(25);
  }
}

/** Crawls a source and waits for the end. */
export async function crawlSource(
  db: Pick<TestDatabase, "owner">,
  deps: CrawlDeps,
  source: TestSource,
  timeoutMs?: number,
): Promise<RunRow> {
  const { runId } = await startRun(deps, source);
  return endOfRun(db, runId, timeoutMs);
}

/** The pages of a source by path and query. */
export async function pagesOf(
  { owner }: Pick<TestDatabase, "owner">,
  { sourceId }: TestSource,
): Promise<Map<string, PageRow>> {
  const { rows } = await owner.query("select * from pages where source_id = $1 order by url", [sourceId]);
  return new Map(
    rows.map((row) => {
      const { pathname, search } = new URL(row.url);
      return [pathname + search, { ...row, path: pathname + search }];
    }),
  );
}

/** What visitors are answered from, as sorted `path hash` lines. */
export async function knowledgeOf({ owner }: Pick<TestDatabase, "owner">, { sourceId }: TestSource): Promise<string[]> {
  const { rows } = await owner.query(
    `select p.url, c.content_hash, e.embedding is not null as embedded from chunks c join pages p on p.id = c.page_id
     left join embedding_indexes i on i.agent_id = c.agent_id and i.state = 'live'
     left join chunk_embeddings e on e.chunk_id = c.id and e.index_id = i.id
     where c.source_id = $1 and c.published`,
    [sourceId],
  );
  return rows.map((row) => `${new URL(row.url).pathname} ${row.content_hash} ${row.embedded}`).sort();
}

/** What would take minutes of waiting: leases of the dead end, and what they touched counts as idle. */
export const letLeasesEnd = ({ owner }: Pick<TestDatabase, "owner">) =>
  owner.query(
    "update pages set lease_until = now() - interval '1 second', updated_at = now() - interval '1 minute', not_before = not_before - interval '1 minute'",
  );
