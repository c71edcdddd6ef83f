import type { Pool } from "pg";
import { newId, sha256 } from "@/lib/core/ids";
import { embedPage } from "@/lib/crawl";
import { call, callRows, json } from "@/lib/db/pool";
import { chunkMarkdown, indexTerms } from "@/lib/knowledge";
import type { Gateway } from "@/lib/llm";

export interface KnownPage {
  path: string;
  title: string;
  markdown: string;
}

/**
 * Gives an agent pages without a crawl: the real chunker, embedder and SQL functions, no fetching.
 * The pages replace whatever the source held before.
 */
export async function publishPages(
  { db, gateway }: { db: Pool; gateway: Gateway },
  { tenantId, agentId, sourceId }: { tenantId: string; agentId: string; sourceId: string },
  pages: KnownPage[],
  origin = "https://shop.test",
): Promise<void> {
  const links = pages.map(({ path }) => ({
    url: origin + path,
    hash: sha256(origin + path),
    host: new URL(origin).host,
    depth: 0,
  }));
  const first = links[0]!;
  const [run] = await callRows<{ run_id: string }>(db, "start_crawl_run", {
    tenant_id: tenantId,
    source_id: sourceId,
    run_id: newId(),
    url: first.url,
    url_hash: first.hash,
    host: first.host,
  });
  const ref = { tenant_id: tenantId, run_id: run!.run_id };
  const { rootPageId } = await call<{ rootPageId: string }>(db, "begin_crawl_run", ref);
  const added = await call<{ id: string; url: string }[]>(db, "add_links", { ...ref, links: json(links) });
  const idByUrl = new Map([{ id: rootPageId, url: first.url }, ...added].map(({ id, url }) => [url, id]));
  const versions: string[] = [];
  for (const { path, title, markdown } of pages) {
    const url = origin + path;
    const page_id = idByUrl.get(url)!;
    const { lease } = await call<{ lease: string }>(db, "claim_page", {
      ...ref,
      page_id,
      lease_ms: 60_000,
      delay_ms: 0,
      own_hosts: [],
    });
    const chunks = chunkMarkdown({ markdown, title, url }).map((chunk) => {
      const { terms, tf, length } = indexTerms({
        title,
        headingPath: chunk.headingPath,
        content: chunk.content,
        language: null,
        agentId,
      });
      return { ...chunk, terms, termFrequencies: tf, length };
    });
    const stored = await call<{ versionId: string }>(db, "store_page", {
      ...ref,
      page_id,
      lease,
      page: json({
        httpStatus: 200,
        title,
        markdown,
        contentHash: sha256(url + markdown),
        wordCount: markdown.split(/\s+/).length,
      }),
      chunks: json(chunks),
      links: json([]),
    });
    versions.push(stored.versionId);
  }
  // The pages were claimed one by one, so nobody works on the queue.
  for (const versionId of versions)
    await embedPage(
      { db, gateway, queues: { addBulk: async () => {} }, config: {} },
      { tenantId, versionId },
      new AbortController().signal,
    );
}
