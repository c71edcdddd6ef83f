import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { buildIndex, buildIndexJob } from "@/lib/knowledge";
import { startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase } from "@/lib/testing/database";
import { agentWithTwoModels, indexesOf, LOCAL, letTimePass, OTHER, requestModel } from "@/lib/testing/model-change";
import { startWorkerProcess } from "@/lib/testing/worker-process";

test.for(["index_claim", "index_embed", "index_store", "index_switch", "index_remove"])(
  "a worker killed after the step “%s” of a change of model loses nothing and mixes nothing",
  async (step) => {
    const db = await createTestDatabase();
    onTestFinished(() => db.drop());
    const { source, server, gateway, env } = await agentWithTwoModels(db);
    onTestFinished(() => server.close());
    const { tenantId } = source;
    const indexId = await requestModel(db, source);
    if (step === "index_remove") {
      const deps = { db: db.service, gateway, config: {} };
      await buildIndex(deps, { tenantId, indexId }, new AbortController().signal);
      await letTimePass(db);
    }
    const doomed = startWorkerProcess(db.url, { ...env, CRASH_AT: step });
    onTestFinished(() => void doomed.child.kill("SIGKILL"));
    const starter = await startCrawlWorker(db.url, { env, idle: true });
    await starter.deps.queues.add(buildIndexJob, { tenantId, indexId });
    await starter.close();
    expect(await doomed.ended).toEqual({ code: null, signal: "SIGKILL" });
    const live = (await indexesOf(db, source)).find(({ state }) => state === "live")!;
    expect(live.vectors, "whatever is live is whole").toBe(6);

    await letTimePass(db);
    const rescuer = await startCrawlWorker(db.url, { env, sweep: true });
    onTestFinished(() => rescuer.close());
    const ended = async () => {
      const indexes = await indexesOf(db, source);
      return indexes[1]!.state === "live" && indexes[0]!.vectors === 0 ? indexes : undefined;
    };
    let indexes = await ended();
    for (let i = 0; i < 200 && !indexes; i++) {
      await sleep(100);
      await letTimePass(db);
      indexes = await ended();
    }
    expect(indexes).toMatchObject([
      { model: LOCAL, state: "retired", vectors: 0 },
      { model: OTHER, state: "live", vectors: 6, dimensions: 1536 },
    ]);
    const texts = server.requests.flatMap(({ json }) => json.input as string[]);
    // Only what was embedded and not yet stored is paid twice.
    expect(texts.length).toBe(step === "index_embed" ? 12 : 6);
  },
);
