import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { newId, sha256 } from "@/lib/core/ids";
import { embedPage } from "@/lib/crawl";
import { call, json } from "@/lib/db/pool";
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
  const { runId } = await call<{ runId: string }>(db, "start_crawl_run", {
    tenant_id: tenantId,
    source_id: sourceId,
    run_id: newId(),
  });
  const ref = { tenant_id: tenantId, run_id: runId };
  type Pages = { id: string; url: string }[];
  const { startPages } = await call<{ startPages: Pages }>(db, "begin_crawl_run", ref);
  const { newPages } = await call<{ newPages: Pages }>(db, "add_links", { ...ref, links: json(links) });
  const idByUrl = new Map([...startPages, ...newPages].map(({ id, url }) => [url, id]));
  /** The host is everybody's: other tests on the same database may have its turn just now. */
  const claim = async (pageId: string): Promise<string> => {
    const turn = { lease_ms: 60_000, delay_ms: 0, own_hosts: [] };
    for (;;) {
      const claimed = await call<{ lease?: string; waitMs?: number }>(db, "claim_page", {
        ...ref,
        page_id: pageId,
        ...turn,
      });
      if (claimed.lease) return claimed.lease;
      if (claimed.waitMs === undefined) throw new Error("A page of the source is not to be had.");
      await sleep(claimed.waitMs);
    }
  };
  // What the source starts from, unless it is among the pages.
  for (const { id, url } of startPages.filter((page) => !links.some((link) => link.url === page.url))) {
    const lease = await claim(id);
    const ending = { status: "excluded", code: "no_text", reason: `No text at ${url}.`, http_status: 200 };
    await call(db, "close_page", { ...ref, page_id: id, lease, ...ending, links: json([]) });
  }
  const versions: string[] = [];
  for (const { path, title, markdown } of pages) {
    const url = origin + path;
    const page_id = idByUrl.get(url)!;
    const lease = await claim(page_id);
    const chunks = chunkMarkdown({ markdown, title, url }).map((chunk) => {
      const { terms, tf, length, longWords } = indexTerms({
        title,
        headingPath: chunk.headingPath,
        content: chunk.content,
        language: null,
        agentId,
      });
      return { ...chunk, terms, termFrequencies: tf, length, longWords };
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
