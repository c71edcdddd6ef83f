import { newId } from "@/lib/core/ids";
import { createGateway, type Gateway } from "@/lib/llm";
import { addTestSource, type TestSource } from "./crawl-runs";
import type { TestDatabase } from "./database";
import { type FakeModelServer, startFakeModelServer } from "./fake-model-server";
import { publishPages } from "./knowledge";

export const LOCAL = "local/hash-384";
export const OTHER = "openai/text-embedding-3-small";

export const page = (n: number) => ({
  path: `/page-${n}`,
  title: `Page ${n}`,
  markdown: `# Page ${n}\n\nHow the lamp number${n} is set up, with enough words to be a passage of its own.`,
});

/** An agent that knows a few pages by the local model, and a provider that offers another. */
export async function agentWithTwoModels(
  db: TestDatabase,
  { pages = 6 } = {},
): Promise<{ source: TestSource; gateway: Gateway; server: FakeModelServer; env: Record<string, string> }> {
  const server = await startFakeModelServer({ firstTokenMs: 0 });
  const env = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: server.baseUrl, EMBEDDING_MODEL: LOCAL };
  const gateway = createGateway({ env, onCall: () => {}, limits: { backoffMs: 1 } });
  const source = await addTestSource(db, "https://shop.test/");
  await publishPages(
    { db: db.service, gateway },
    source,
    Array.from({ length: pages }, (_, n) => page(n)),
  );
  return { source, gateway, server, env };
}

/** As a member's `changeModel` writes it. */
export async function requestModel(
  { owner }: Pick<TestDatabase, "owner">,
  { tenantId, agentId }: Pick<TestSource, "tenantId" | "agentId">,
  model = OTHER,
): Promise<string> {
  const id = newId();
  await owner.query("insert into embedding_indexes (id, tenant_id, agent_id, model) values ($1, $2, $3, $4)", [
    id,
    tenantId,
    agentId,
    model,
  ]);
  return id;
}

export interface IndexRow {
  model: string;
  state: string;
  dimensions: number | null;
  vectors: number;
  done: number;
  total: number;
  error_code: string | null;
  cost_micro_usd: string;
}

/** The indexes of an agent, oldest first, with the number of their vectors. */
export async function indexesOf(
  { owner }: Pick<TestDatabase, "owner">,
  { agentId }: Pick<TestSource, "agentId">,
): Promise<IndexRow[]> {
  const { rows } = await owner.query(
    `select i.model, i.state, i.dimensions, i.done, i.total, i.error_code, i.cost_micro_usd,
       (select count(*)::int from chunk_embeddings e where e.index_id = i.id and e.embedding is not null) as vectors
     from embedding_indexes i where i.agent_id = $1 order by i.created_at, i.id`,
    [agentId],
  );
  return rows;
}

/**
 * What would take minutes of waiting: leases of the dead end, questions of before the switch are over.
 * Row by row, since a switch under way locks the same rows in another order.
 */
export async function letTimePass({ owner }: Pick<TestDatabase, "owner">): Promise<void> {
  const { rows } = await owner.query<{ id: string }>("select id from embedding_indexes");
  for (const { id } of rows)
    await owner.query(
      `update embedding_indexes set lease_until = now() - interval '1 second', updated_at = now() - interval '10 minutes',
         retired_at = retired_at - interval '10 minutes' where id = $1`,
      [id],
    );
}
