import pg from "pg";
import { newId, sha256 } from "@/lib/core/ids";
import { vector } from "@/lib/db/pool";
import { chunkMarkdown, embeddingKey, indexTerms } from "@/lib/knowledge";
import type { Gateway } from "@/lib/llm";
import { startStack } from "@/supabase/local/stack";
import type { Dataset } from "./dataset";

/** A passage as the product knows it, and the document that it is of. */
export interface IndexedPassage {
  documentId: string;
  title: string;
  headingPath: string[];
  content: string;
}

export interface ScratchAgent {
  tenantId: string;
  agentId: string;
}

/** A database for one measurement: free ports, a folder that is thrown away. `service` is the role of the product, `owner` that of migrations. */
export async function scratchDatabase(): Promise<{ service: pg.Pool; owner: pg.Pool; stop(): Promise<void> }> {
  const stack = await startStack({ apiPort: 0, dbPort: 0, throwaway: true, realtime: false });
  const service = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 });
  const owner = new pg.Pool({ connectionString: stack.ownerDatabaseUrl, max: 4 });
  // Connections that the server closes while it stops.
  for (const pool of [service, owner]) pool.on("error", () => {});
  return {
    service,
    owner,
    async stop() {
      await Promise.all([service.end(), owner.end()]);
      await stack.stop();
    },
  };
}

const BATCH = 64;

/** Makes an agent whose knowledge is the corpus: one page a document, chunked, embedded and published as a crawl would. */
export async function indexCorpus(
  { owner, gateway }: { owner: pg.Pool; gateway: Gateway },
  { documents }: Dataset,
): Promise<ScratchAgent & { passages: IndexedPassage[] }> {
  const agent = await createAgent(owner);
  const passages: IndexedPassage[] = [];
  for (let start = 0; start < documents.length; start += BATCH) {
    const pages = documents.slice(start, start + BATCH).map((document) => toPage(document, agent.agentId));
    const texts = pages.flatMap((page) => page.chunks.map((chunk) => embeddedText(page.title, chunk)));
    const { vectors } = await gateway.embed({
      texts,
      meta: { tenantId: agent.tenantId, agentId: agent.agentId, step: "embed_chunks" },
    });
    let at = 0;
    for (const page of pages) {
      const embedded = page.chunks.map((chunk) => ({ ...chunk, embedding: vector(vectors[at++] ?? []) }));
      await storePage(owner, agent, { ...page, chunks: embedded }, embeddingKey(gateway.embeddingModel));
      for (const { headingPath, content } of page.chunks)
        passages.push({ documentId: page.documentId, title: page.title, headingPath, content });
    }
  }
  await owner.query("select service.sweep_lexicons()");
  await owner.query("analyze public.chunks, public.lex_terms, public.pages");
  return { tenantId: agent.tenantId, agentId: agent.agentId, passages };
}

/** As service.chunks_to_embed puts it together. */
const embeddedText = (title: string, chunk: { headingPath: string[]; content: string }): string =>
  [title, chunk.headingPath.join(" › "), chunk.content].filter(Boolean).join("\n");

const CODE_LINE =
  /^\s*(?:def |class |import |from \S+ import |return\b|#include|public |private |function |var |let |const |@\w+|\}|\)|(?:if|for|while|else|try|except|elif)\b.*[:{]$)|[;{}]\s*$|^\s*[\w.[\]]+ = /;

/** A corpus holds plain text. Code in it is set in a fence, as the crawler finds it on a page: its comments would be read as headings. */
export function asMarkdown(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim());
  const isCode = lines.length > 1 && lines.filter((line) => CODE_LINE.test(line)).length > 0.3 * lines.length;
  return isCode && !text.includes("```") ? `\`\`\`\n${text}\n\`\`\`` : text;
}

function toPage(document: Dataset["documents"][number], agentId: string) {
  const title = document.title ?? "";
  const url = `https://corpus.test/${encodeURIComponent(document.id)}`;
  const chunks = chunkMarkdown({ markdown: asMarkdown(document.text), title, url }).map((chunk) => ({
    ...chunk,
    ...indexTerms({ ...chunk, title, language: null, agentId }),
  }));
  return { documentId: document.id, title, url, text: document.text, chunks };
}

type Page = ReturnType<typeof toPage>;
export type Owned = ScratchAgent & { sourceId: string; runId: string };

/** A tenant with an agent, a source and its run. */
export async function createAgent(owner: pg.Pool): Promise<Owned> {
  const [tenantId, agentId, sourceId, runId] = [newId(), newId(), newId(), newId()];
  await owner.query("insert into public.tenants (id, slug, name) values ($1, $2, 'Bench')", [
    tenantId,
    `bench-${agentId}`,
  ]);
  await owner.query("insert into public.agents (id, tenant_id, name) values ($1, $2, 'Bench')", [agentId, tenantId]);
  await owner.query(
    "insert into public.sources (id, tenant_id, agent_id, name, url) values ($1, $2, $3, 'Corpus', 'https://corpus.test/')",
    [sourceId, tenantId, agentId],
  );
  await owner.query(
    "insert into public.crawl_runs (id, tenant_id, agent_id, source_id, max_pages, status) values ($1, $2, $3, $4, 1, 'completed')",
    [runId, tenantId, agentId, sourceId],
  );
  return { tenantId, agentId, sourceId, runId };
}

async function storePage(
  owner: pg.Pool,
  { tenantId, agentId, sourceId, runId }: Owned,
  page: Omit<Page, "chunks"> & { chunks: (Page["chunks"][number] & { embedding: string })[] },
  model: string,
): Promise<void> {
  const [pageId, versionId] = [newId(), newId()];
  const longWords = new Map(page.chunks.flatMap((chunk) => chunk.longWords));
  await owner.query(
    `insert into public.pages (id, tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth, status, title)
     values ($1, $2, $3, $4, $5, $6, $7, 'corpus.test', 0, 'published', $8)`,
    [pageId, tenantId, agentId, sourceId, runId, page.url, sha256(page.url), page.title],
  );
  await owner.query(
    `insert into public.page_versions (id, tenant_id, page_id, run_id, content_hash, title, markdown, long_terms, long_words)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      versionId,
      tenantId,
      pageId,
      runId,
      sha256(page.text),
      page.title,
      page.text,
      [...longWords.keys()],
      [...longWords.values()],
    ],
  );
  await owner.query(
    `insert into public.chunks (tenant_id, agent_id, source_id, page_id, page_version_id, position, kind, title, heading_path, content,
       token_count, content_hash, terms, term_frequencies, length)
     select $1, $2, $3, $4, $5, c.position, c.kind, $6, c."headingPath", c.content, c."tokenCount", c."contentHash", c.terms, c.tf, c.length
     from jsonb_to_recordset($7) as c (position integer, kind text, "headingPath" text[], content text, "tokenCount" integer,
       "contentHash" text, terms integer[], tf real[], length real)`,
    [tenantId, agentId, sourceId, pageId, versionId, page.title, JSON.stringify(page.chunks)],
  );
  await owner.query(
    `insert into public.chunk_embeddings (tenant_id, chunk_id, index_id, embedding)
     select $1, c.id, (private.live_index($1, $2, $3)).id, e.embedding::extensions.halfvec
     from public.chunks c join jsonb_to_recordset($5) as e (position integer, embedding text) on e.position = c.position
     where c.tenant_id = $1 and c.page_version_id = $4`,
    [
      tenantId,
      agentId,
      model,
      versionId,
      JSON.stringify(page.chunks.map(({ position, embedding }) => ({ position, embedding }))),
    ],
  );
  await owner.query("select private.publish_chunks($1, $2, $3)", [tenantId, agentId, versionId]);
}
