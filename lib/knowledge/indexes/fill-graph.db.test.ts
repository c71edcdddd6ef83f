import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { agentWithTwoModels, requestModel } from "@/lib/testing/model-change";
import { startWorkerProcess } from "@/lib/testing/worker-process";
import { buildIndex } from "./build-index";
import { sweepIndexes } from "./sweep-indexes";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const signal = new AbortController().signal;
const queues = { add: async () => {} } as never;

/** An agent of six passages whose statistics say that they are 6,000. */
async function largeAgent(at: TestDatabase = db) {
  const made = await agentWithTwoModels(at);
  onTestFinished(() => made.server.close());
  const { tenantId, agentId } = made.source;
  await at.owner.query("update lex_agents set chunk_count = 6000 where agent_id = $1", [agentId]);
  return { ...made, tenantId, agentId, deps: { db: at.service, gateway: made.gateway, config: {} } };
}

/** The agent's indexes, oldest first: whether questions walk its graph, since before it was live, and how many vectors are in none. */
async function graphsOf(agentId: string, { owner }: TestDatabase = db) {
  const { rows } = await owner.query(
    `select i.state, i.graph is not null as given, i.graph_ready_at is not null as ready, i.graph_ready_at < i.live_at as "readyFirst",
       (select count(*)::int from chunk_embeddings e where e.index_id = i.id and e.graph is distinct from i.graph) as outside
     from embedding_indexes i where i.agent_id = $1 order by i.created_at, i.id`,
    [agentId],
  );
  return rows;
}

test("the sweep brings an agent that became large into a graph", async () => {
  const { agentId } = await largeAgent();
  expect(await graphsOf(agentId)).toMatchObject([{ given: false, ready: false }]);
  await sweepIndexes({ db: db.service, queues, config: {} });
  expect(await graphsOf(agentId)).toMatchObject([{ state: "live", given: true, ready: true, outside: 0 }]);
});

test("another model's index of a large agent is in a graph before it is live", async () => {
  const { tenantId, agentId, deps } = await largeAgent();
  await buildIndex(deps, { tenantId, indexId: await requestModel(db, { tenantId, agentId }) }, signal);
  expect(await graphsOf(agentId)).toMatchObject([
    { state: "retired" },
    { state: "live", ready: true, readyFirst: true, outside: 0 },
  ]);
});

test("an agent that grows large while another model's index is built is not switched to it before its graph is ready", async () => {
  const { tenantId, agentId, deps } = await largeAgent();
  await db.owner.query("update lex_agents set chunk_count = 6 where agent_id = $1", [agentId]);
  const gateway = {
    ...deps.gateway,
    embed: async (input: Parameters<typeof deps.gateway.embed>[0]) => {
      const result = await deps.gateway.embed(input);
      await db.owner.query("update lex_agents set chunk_count = 6000 where agent_id = $1", [agentId]);
      return result;
    },
  };
  await buildIndex({ ...deps, gateway }, { tenantId, indexId: await requestModel(db, { tenantId, agentId }) }, signal);
  expect((await graphsOf(agentId))[1]).toMatchObject({ state: "live", ready: true, readyFirst: true, outside: 0 });
});

test("a build waits, without working, for passages that somebody is deleting", async () => {
  const { tenantId, agentId, deps } = await largeAgent();
  const indexId = await requestModel(db, { tenantId, agentId });
  const deleter = await db.owner.connect();
  onTestFinished(() => deleter.release(true));
  let asked = 0;
  const query = async (statement: { text: string; values: unknown[] }) => {
    // Once the first vectors are stored, which wait for no one.
    if (statement.text.includes("switch_index") && asked++ === 0) {
      await deleter.query("begin");
      await deleter.query("select from chunk_embeddings where index_id = $1 order by chunk_id limit 1 for update", [
        indexId,
      ]);
    }
    return db.service.query(statement);
  };
  const again = await buildIndex({ ...deps, db: { query } as never }, { tenantId, indexId }, signal);
  expect(again).toEqual({ runAgainInMs: 1_000 });
  expect((await graphsOf(agentId))[1]).toMatchObject({ state: "building", ready: false, outside: 1 });
  await deleter.query("rollback");
  expect(await buildIndex(deps, { tenantId, indexId }, signal)).toBeUndefined();
  expect((await graphsOf(agentId))[1]).toMatchObject({ state: "live", ready: true, outside: 0 });
});

test("a worker killed between two steps of it leaves what the next one finishes", async () => {
  const own = await createTestDatabase();
  onTestFinished(() => own.drop());
  const { agentId, env } = await largeAgent(own);
  const sweeping = { ...env, SWEEP_EVERY_MS: "500" };
  const doomed = startWorkerProcess(own.url, { ...sweeping, CRASH_AT: "index_graph" });
  onTestFinished(() => void doomed.child.kill("SIGKILL"));
  expect(await doomed.ended).toEqual({ code: null, signal: "SIGKILL" });
  expect(await graphsOf(agentId, own)).toMatchObject([{ given: true, ready: false, outside: 6 }]);
  const rescuer = await startCrawlWorker(own.url, { env, sweep: true });
  onTestFinished(() => rescuer.close());
  while (!(await graphsOf(agentId, own))[0].ready) await sleep(50);
  expect(await graphsOf(agentId, own)).toMatchObject([{ state: "live", given: true, ready: true, outside: 0 }]);
});
