import type pg from "pg";
import { newId, sha256 } from "@/lib/core/ids";
import { indexTerms } from "@/lib/knowledge";
import { createAgent, type ScratchAgent } from "../retrieval/scratch";
import { textMaker } from "./make-texts";

const BATCH_CHUNKS = 2_000;
const PAGE_CHUNKS = 10;

export interface FilledAgent extends ScratchAgent {
  chunks: number;
  questions: string[];
}

interface Row {
  title: string;
  content: string;
  /** Array literals, which Postgres reads in a third of the time that JSON takes. */
  terms: string;
  frequencies: string;
  length: number;
}

/**
 * An agent with this many passages. No vectors: words alone decide. The rows are those that publishing leaves behind, written once: as drafts
 * that are published afterwards, 100,000 took longer than all that is measured on them.
 */
export async function fillAgent(
  owner: pg.Pool,
  { chunks, questions, seed }: { chunks: number; questions: number; seed: number },
): Promise<FilledAgent> {
  const agent = await createAgent(owner);
  const make = textMaker(seed);
  const asked: string[] = [];
  const counts = new Map<number, number>();
  let length = 0;
  const rows = Array.from({ length: chunks }, (_, i): Row => {
    const passage = make.passage();
    if (asked.length < questions && i % Math.ceil(chunks / questions) === 0) asked.push(make.question(passage.content));
    const { terms, tf, ...found } = indexTerms({
      ...passage,
      headingPath: [],
      language: "en",
      agentId: agent.agentId,
    });
    length += found.length;
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    return { ...passage, terms: `{${terms}}`, frequencies: `{${tf}}`, length: found.length };
  });
  await owner.query(
    "insert into public.lex_agents (agent_id, tenant_id, chunk_count, total_length, encoded_average) values ($1, $2, $3, $4, $5)",
    [agent.agentId, agent.tenantId, chunks, length, length / chunks],
  );
  await owner.query(
    `insert into public.lex_terms (tenant_id, agent_id, term, chunk_count)
     select $1, $2, t.term, t.n from unnest($3::integer[], $4::integer[]) as t (term, n) order by t.term`,
    [agent.tenantId, agent.agentId, [...counts.keys()], [...counts.values()]],
  );
  const versionId = newId();
  for (let done = 0; done < chunks; done += BATCH_CHUNKS)
    await storeBatch(owner, agent, versionId, rows.slice(done, done + BATCH_CHUNKS), length / chunks);
  return { tenantId: agent.tenantId, agentId: agent.agentId, chunks, questions: asked };
}

async function storeBatch(
  owner: pg.Pool,
  agent: Awaited<ReturnType<typeof createAgent>>,
  versionId: string,
  rows: Row[],
  averageLength: number,
): Promise<void> {
  const pages = Array.from({ length: Math.ceil(rows.length / PAGE_CHUNKS) }, () => newId());
  await owner.query(
    `insert into public.pages (id, tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth, status, title)
     select p.id, $2, $3, $4, $5, 'https://corpus.test/' || p.id, md5(p.id::text) || md5(p.id::text), 'corpus.test', 0, 'published', 'Page'
     from unnest($1::uuid[]) as p (id)`,
    [pages, agent.tenantId, agent.agentId, agent.sourceId, agent.runId],
  );
  await owner.query(
    `insert into public.page_versions (id, tenant_id, page_id, run_id, content_hash, title, markdown)
     values ($1, $2, $3, $4, $5, 'Page', '') on conflict do nothing`,
    [versionId, agent.tenantId, pages[0], agent.runId, sha256(versionId)],
  );
  await owner.query(
    `insert into public.chunks (tenant_id, agent_id, source_id, page_id, page_version_id, position, kind, title, content, token_count,
       content_hash, published, terms, term_frequencies, length, lexical)
     select $1, $2, $3, c.page_id, $4, c.position, 'text', c.title, c.content, 200, md5(c.content) || md5(c.title), true,
       c.terms::integer[], c.frequencies::real[], c.length, private.encode_lexical(c.terms::integer[], c.frequencies::real[], c.length, $5)
     from unnest($6::uuid[], $7::integer[], $8::text[], $9::text[], $10::text[], $11::text[], $12::real[])
       as c (page_id, position, title, content, terms, frequencies, length)`,
    [
      agent.tenantId,
      agent.agentId,
      agent.sourceId,
      versionId,
      averageLength,
      rows.map((_, i) => pages[Math.floor(i / PAGE_CHUNKS)]),
      rows.map((_, i) => i % PAGE_CHUNKS),
      ...(["title", "content", "terms", "frequencies", "length"] as const).map((key) => rows.map((row) => row[key])),
    ],
  );
}
