import type pg from "pg";
import { newId, sha256 } from "@/lib/core/ids";
import { indexTerms } from "@/lib/knowledge";
import { createAgent, type ScratchAgent } from "../retrieval/scratch";
import { textMaker } from "./make-texts";

const BATCH_CHUNKS = 1_000;
const PAGE_CHUNKS = 10;

export interface FilledAgent extends ScratchAgent {
  chunks: number;
  questions: string[];
}

/** An agent with this many passages, published as a crawl publishes them. No vectors: words alone decide. */
export async function fillAgent(
  owner: pg.Pool,
  { chunks, questions, seed }: { chunks: number; questions: number; seed: number },
): Promise<FilledAgent> {
  const agent = await createAgent(owner);
  const make = textMaker(seed);
  const asked: string[] = [];
  const versionId = newId();
  for (let done = 0; done < chunks; done += BATCH_CHUNKS) {
    const count = Math.min(BATCH_CHUNKS, chunks - done);
    const pages = Array.from({ length: Math.ceil(count / PAGE_CHUNKS) }, () => newId());
    await owner.query(
      `insert into public.pages (id, tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth, status, title)
       select p.id, $2, $3, $4, $5, 'https://corpus.test/' || p.id, md5(p.id::text) || md5(p.id::text), 'corpus.test', 0, 'published', 'Page'
       from unnest($1::uuid[]) as p (id)`,
      [pages, agent.tenantId, agent.agentId, agent.sourceId, agent.runId],
    );
    if (done === 0)
      await owner.query(
        `insert into public.page_versions (id, tenant_id, page_id, run_id, content_hash, title, markdown) values ($1, $2, $3, $4, $5, 'Page', '')`,
        [versionId, agent.tenantId, pages[0], agent.runId, sha256(versionId)],
      );
    const rows = Array.from({ length: count }, (_, i) => {
      const passage = make.passage();
      if (asked.length < questions && (done + i) % Math.ceil(chunks / questions) === 0)
        asked.push(make.question(passage.content));
      const terms = indexTerms({ ...passage, headingPath: [], language: "en", agentId: agent.agentId });
      return { page: pages[Math.floor(i / PAGE_CHUNKS)], position: i % PAGE_CHUNKS, ...passage, ...terms };
    });
    await owner.query(
      `insert into public.chunks (tenant_id, agent_id, source_id, page_id, page_version_id, position, kind, title, content, token_count,
         content_hash, terms, term_frequencies, length)
       select $1, $2, $3, c.page, $4, c.position, 'text', c.title, c.content, 200, md5(c.content) || md5(c.title), c.terms, c.tf, c.length
       from jsonb_to_recordset($5) as c (page uuid, position integer, title text, content text, terms integer[], tf real[], length real)`,
      [agent.tenantId, agent.agentId, agent.sourceId, versionId, JSON.stringify(rows)],
    );
  }
  await owner.query("select private.publish_chunks($1, $2, $3)", [agent.tenantId, agent.agentId, versionId]);
  return { tenantId: agent.tenantId, agentId: agent.agentId, chunks, questions: asked };
}
