import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { call, json } from "@/lib/db/pool";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import {
  addTenant,
  beginRun,
  chunk,
  claim,
  findChunks,
  link,
  MODEL,
  match,
  publish,
  store,
  withPublishedPage,
} from "./fixtures";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const pageRow = async (id: string) => (await db.owner.query("select * from pages where id = $1", [id])).rows[0];
const runRow = async (id: string) => (await db.owner.query("select * from crawl_runs where id = $1", [id])).rows[0];
const stats = async (agentId: string) =>
  (await db.owner.query("select term, chunk_count from lex_terms where agent_id = $1 order by term", [agentId])).rows;

describe("a run", () => {
  test("that is active is joined, not doubled", async () => {
    const tenant = await addTenant(db.owner);
    const { runId } = await beginRun(db.service, tenant);
    const again = await call(db.service, "start_crawl_run", {
      tenant_id: tenant.tenantId,
      source_id: tenant.sourceId,
      run_id: newId(),
    });
    expect(again).toEqual({ state: "joined", runId });
  });

  test("cannot be started for another tenant's source", async () => {
    const [a, b] = [await addTenant(db.owner), await addTenant(db.owner)];
    await expect(
      call(db.service, "start_crawl_run", { tenant_id: a.tenantId, source_id: b.sourceId, run_id: newId() }),
    ).rejects.toThrow("source not found");
  });

  test("takes no more pages than its limit, and no page twice", async () => {
    const tenant = await addTenant(db.owner);
    await db.owner.query("update sources set max_pages = 3 where id = $1", [tenant.sourceId]);
    const { runId } = await beginRun(db.service, tenant);
    const links = ["/a", "/b", "/a", "/c", "/d"].map((path) => link(path));
    const { newPages: added } = await call<{ newPages: { url: string }[] }>(db.service, "add_links", {
      tenant_id: tenant.tenantId,
      run_id: runId,
      links: json(links),
    });
    expect(added.map((page) => page.url)).toEqual(["https://shop.test/a", "https://shop.test/b"]);
    expect(
      await call(db.service, "add_links", { tenant_id: tenant.tenantId, run_id: runId, links: json([link("/e")]) }),
    ).toEqual({ goOn: true, newPages: [] });
    expect(await runRow(runId)).toMatchObject({ found: 3, limit_reached: true });
  });

  test("ends when its last page ends, and not before", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const first = await claim(db.service, tenant.tenantId, runId, rootPageId);
    const stored = await store(
      db.service,
      { ...tenant, runId, pageId: rootPageId, lease: first.lease },
      { text: "root", links: [link("/next")] },
    );
    await publish(db.service, tenant.tenantId, stored.versionId);
    expect((await runRow(runId)).status).toBe("running");
    const next = stored.newPages[0]!;
    const second = await claim(db.service, tenant.tenantId, runId, next.id);
    const closed = await call<{ runDone: boolean }>(db.service, "close_page", {
      tenant_id: tenant.tenantId,
      run_id: runId,
      page_id: next.id,
      lease: second.lease,
      status: "failed",
      code: "http_404",
      reason: "gone",
      http_status: 404,
    });
    expect(closed.runDone).toBe(true);
    expect(await runRow(runId)).toMatchObject({ status: "completed", found: 2, published: 1, failed: 1 });
    expect((await db.owner.query("select status from sources where id = $1", [tenant.sourceId])).rows[0].status).toBe(
      "ready",
    );
  });

  test("that finds no text fails with the reason of its first page", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const { lease } = await claim(db.service, tenant.tenantId, runId, rootPageId);
    await call(db.service, "close_page", {
      tenant_id: tenant.tenantId,
      run_id: runId,
      page_id: rootPageId,
      lease,
      status: "excluded",
      code: "no_text",
      reason: "No text was found on this page.",
      http_status: 200,
    });
    expect(await runRow(runId)).toMatchObject({
      status: "failed",
      error_code: "no_text",
      error_message: "No text was found on this page.",
    });
  });

  test("that is cancelled hands out no more pages", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    expect(await call(db.service, "cancel_crawl_run", { tenant_id: tenant.tenantId, run_id: runId })).toBe(true);
    expect((await claim(db.service, tenant.tenantId, runId, rootPageId)).state).toBe("done");
    expect(await call(db.service, "cancel_crawl_run", { tenant_id: tenant.tenantId, run_id: runId })).toBe(false);
  });

  test("removes pages that it no longer finds, with their chunks and statistics, at its end", async () => {
    const tenant = await addTenant(db.owner);
    const first = await beginRun(db.service, tenant);
    const a = await claim(db.service, tenant.tenantId, first.runId, first.rootPageId);
    const root = await store(
      db.service,
      { ...tenant, runId: first.runId, pageId: first.rootPageId, lease: a.lease },
      { text: "root", chunks: [chunk("root", [1])], links: [link("/old")] },
    );
    const old = root.newPages[0]!;
    const b = await claim(db.service, tenant.tenantId, first.runId, old.id);
    const oldStored = await store(
      db.service,
      { ...tenant, runId: first.runId, pageId: old.id, lease: b.lease },
      { text: "old", chunks: [chunk("old", [2])] },
    );
    await publish(db.service, tenant.tenantId, root.versionId);
    await publish(db.service, tenant.tenantId, oldStored.versionId);
    expect(await match(db.service, tenant, [2])).toHaveLength(1);

    const second = await beginRun(db.service, tenant);
    const c = await claim(db.service, tenant.tenantId, second.runId, second.rootPageId);
    expect(await match(db.service, tenant, [2]), "still there while the run is under way").toHaveLength(1);
    const again = await store(
      db.service,
      { ...tenant, runId: second.runId, pageId: second.rootPageId, lease: c.lease },
      { text: "root", chunks: [chunk("root", [1])] },
    );
    expect(again).toMatchObject({ outcome: "unchanged", runDone: true });
    expect(await match(db.service, tenant, [2])).toEqual([]);
    expect(await match(db.service, tenant, [1])).toHaveLength(1);
    await call(db.service, "sweep_lexicons", {});
    expect(await stats(tenant.agentId)).toEqual([{ term: 1, chunk_count: 1 }]);
    expect(await pageRow(old.id)).toMatchObject({ status: "gone", live_version_id: null });
  });
});

describe("a page", () => {
  test("is in one worker's hands at a time", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => claim(db.service, tenant.tenantId, runId, rootPageId)),
    );
    expect(claims.filter((c) => c.state === "go")).toHaveLength(1);
  });

  test("is given to another when the lease has run out, and the first one is then refused", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const first = await claim(db.service, tenant.tenantId, runId, rootPageId, { leaseMs: 0 });
    const second = await claim(db.service, tenant.tenantId, runId, rootPageId);
    expect(second).toMatchObject({ state: "go", attempt: 2 });
    const late = await store(db.service, { ...tenant, runId, pageId: rootPageId, lease: first.lease });
    expect(late.outcome).toBe("lost");
    expect((await store(db.service, { ...tenant, runId, pageId: rootPageId, lease: second.lease })).outcome).toBe(
      "stored",
    );
  });

  test("waits for its turn: turns at one host are the pause apart, for all tenants together", async () => {
    const waits: number[] = [];
    for (let i = 0; i < 3; i++) {
      const tenant = await addTenant(db.owner);
      await db.owner.query("update sources set url = 'https://slow.test/' where id = $1", [tenant.sourceId]);
      const { runId, rootPageId } = await beginRun(db.service, tenant);
      const answer = await claim(db.service, tenant.tenantId, runId, rootPageId, { delayMs: 600_000 });
      waits.push(answer.state === "go" ? 0 : answer.waitMs);
    }
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThan(500_000);
    expect(waits[1]).toBeLessThanOrEqual(600_000);
    expect(waits[2]! - waits[1]!).toBeGreaterThan(500_000);
  });

  test("deferred for its whole host holds back the host's other pages", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const {
      newPages: [other],
    } = await call<{ newPages: { id: string }[] }>(db.service, "add_links", {
      tenant_id: tenant.tenantId,
      run_id: runId,
      links: json([{ ...link("/other"), host: "busy.test" }]),
    });
    await db.owner.query("update pages set host = 'busy.test' where id = $1", [rootPageId]);
    const { lease } = await claim(db.service, tenant.tenantId, runId, rootPageId);
    expect(
      await call(db.service, "defer_page", {
        tenant_id: tenant.tenantId,
        page_id: rootPageId,
        lease,
        wait_ms: 60_000,
        whole_host: true,
      }),
    ).toBe(true);
    expect((await claim(db.service, tenant.tenantId, runId, other!.id)).state).toBe("wait");
    expect((await claim(db.service, tenant.tenantId, runId, rootPageId)).state).toBe("wait");
  });

  test("put back without its site having been asked is no try, and nobody else's lease puts it back", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const later = (tenantId: string, lease: string) =>
      call(db.service, "defer_page", {
        tenant_id: tenantId,
        page_id: rootPageId,
        lease,
        wait_ms: 0,
        whole_host: false,
        was_asked: false,
      });
    const { lease } = await claim(db.service, tenant.tenantId, runId, rootPageId);
    expect(await later(newId(), lease), "another tenant").toBe(false);
    expect(await later(tenant.tenantId, newId()), "an old lease").toBe(false);
    expect(await later(tenant.tenantId, lease)).toBe(true);
    await db.owner.query("update pages set not_before = null where id = $1", [rootPageId]);
    expect(await claim(db.service, tenant.tenantId, runId, rootPageId)).toMatchObject({ state: "go", attempt: 1 });
  });

  test("with the same content as another of the run is a duplicate and is not searched", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const first = await claim(db.service, tenant.tenantId, runId, rootPageId);
    const stored = await store(
      db.service,
      { ...tenant, runId, pageId: rootPageId, lease: first.lease },
      { text: "same", links: [link("/copy")] },
    );
    const copy = stored.newPages[0]!;
    const second = await claim(db.service, tenant.tenantId, runId, copy.id);
    expect(
      (await store(db.service, { ...tenant, runId, pageId: copy.id, lease: second.lease }, { text: "same" })).outcome,
    ).toBe("duplicate");
    expect(await pageRow(copy.id)).toMatchObject({ status: "duplicate", reason: "Same text as https://shop.test/" });
  });

  test("stays as it was for visitors until its new version is published whole", async () => {
    const tenant = await withPublishedPage(db, [chunk("old words", [1])]);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const { lease } = await claim(db.service, tenant.tenantId, runId, rootPageId);
    const stored = await store(
      db.service,
      { ...tenant, runId, pageId: rootPageId, lease },
      { text: "new", chunks: [chunk("new words", [2]), chunk("more", [3], 1)] },
    );
    expect((await match(db.service, tenant, [1, 2, 3])).map((row) => row.content)).toEqual(["old words"]);
    expect(await publish(db.service, tenant.tenantId, stored.versionId)).toBe(true);
    expect((await match(db.service, tenant, [1, 2, 3])).map((row) => row.content).sort()).toEqual([
      "more",
      "new words",
    ]);
    expect(await publish(db.service, tenant.tenantId, stored.versionId), "a second time").toBe(false);
    expect(await stats(tenant.agentId)).toEqual([
      { term: 2, chunk_count: 1 },
      { term: 3, chunk_count: 1 },
    ]);
  });

  test("is embedded anew only where its text is new", async () => {
    const tenant = await withPublishedPage(db, [chunk("kept", [1]), chunk("dropped", [2], 1)]);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const { lease } = await claim(db.service, tenant.tenantId, runId, rootPageId);
    const stored = await store(
      db.service,
      { ...tenant, runId, pageId: rootPageId, lease },
      { text: "changed", chunks: [chunk("kept", [1]), chunk("added", [3], 1)] },
    );
    const missing = await call<{ chunks: { text: string }[] }>(db.service, "chunks_to_embed", {
      tenant_id: tenant.tenantId,
      version_id: stored.versionId,
      embedding_model: MODEL,
    });
    expect(missing.chunks.map((c) => c.text)).toEqual(["Title\nHelp\nadded"]);
  });

  test("deleted with its source takes its share of the statistics with it", async () => {
    const tenant = await withPublishedPage(db, [chunk("a", [1]), chunk("b", [1, 2], 1)]);
    await db.owner.query("delete from sources where id = $1", [tenant.sourceId]);
    await call(db.service, "sweep_lexicons", {});
    expect(await stats(tenant.agentId)).toEqual([]);
    expect(
      (await db.owner.query("select chunk_count, total_length from lex_agents where agent_id = $1", [tenant.agentId]))
        .rows,
    ).toEqual([{ chunk_count: 0, total_length: 0 }]);
  });

  test("of a host that answers 429 slows that host down step by step, and time without any lets it recover", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    await db.owner.query("update pages set host = 'slowed.test' where id = $1", [rootPageId]);
    const host = async () =>
      (await db.owner.query("select slow_ms from private.hosts where host = 'slowed.test'")).rows[0].slow_ms;
    const pass = (interval: string) =>
      db.owner.query(
        "update private.hosts set blocked_until = blocked_until - $1::interval, slowed_at = slowed_at - $1::interval, last_at = last_at - $1::interval, next_at = next_at - $1::interval where host = 'slowed.test'",
        [interval],
      );
    const visit = async () => {
      await db.owner.query("update pages set not_before = null where id = $1", [rootPageId]);
      return claim(db.service, tenant.tenantId, runId, rootPageId);
    };
    for (const expected of [250, 500, 1_000, 2_000]) {
      const { lease } = await visit();
      const page = { tenant_id: tenant.tenantId, page_id: rootPageId, lease };
      await call(db.service, "defer_page", { ...page, wait_ms: 1_000, whole_host: true });
      expect(await host()).toBe(expected);
      await pass("3 seconds");
    }
    for (const expected of [1_000, 500, 250, 0]) {
      await pass("10 minutes");
      const { state, lease } = await visit();
      expect(state).toBe("go");
      expect(await host()).toBe(expected);
      const page = { tenant_id: tenant.tenantId, page_id: rootPageId, lease };
      await call(db.service, "defer_page", { ...page, wait_ms: 0, whole_host: false });
    }
  });

  test("published by many workers at once leaves exact statistics", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const pages = [
      { id: rootPageId },
      ...(
        await call<{ newPages: { id: string }[] }>(db.service, "add_links", {
          tenant_id: tenant.tenantId,
          run_id: runId,
          links: json(Array.from({ length: 11 }, (_, i) => link(`/p${i}`))),
        })
      ).newPages,
    ];
    await Promise.all(
      pages.map(async ({ id }, i) => {
        const { lease } = await claim(db.service, tenant.tenantId, runId, id);
        const stored = await store(
          db.service,
          { ...tenant, runId, pageId: id, lease },
          { text: `page ${i}`, chunks: [chunk(`page ${i}`, [100 - i, 7, 200 + (i % 3)])] },
        );
        await publish(db.service, tenant.tenantId, stored.versionId);
      }),
    );
    const counts = new Map((await stats(tenant.agentId)).map((row) => [row.term, row.chunk_count]));
    expect(counts.get(7)).toBe(12);
    expect([200, 201, 202].map((term) => counts.get(term))).toEqual([4, 4, 4]);
    expect((await runRow(runId)).status).toBe("completed");
  });
});

describe("a lost nudge", () => {
  test("is given again for what is queued, half fetched or half embedded, each time under a new number", async () => {
    const tenant = await addTenant(db.owner);
    const { runId, rootPageId } = await beginRun(db.service, tenant);
    const { lease } = await claim(db.service, tenant.tenantId, runId, rootPageId);
    const stored = await store(
      db.service,
      { ...tenant, runId, pageId: rootPageId, lease },
      { links: [link("/queued"), link("/fetching")] },
    );
    const [queued, fetching] = stored.newPages;
    await claim(db.service, tenant.tenantId, runId, fetching!.id, { leaseMs: 0 });
    await db.owner.query(
      "update pages set updated_at = now() - interval '1 hour', not_before = not_before - interval '1 hour' where run_id = $1",
      [runId],
    );
    const sweep = async () =>
      (
        await call<{ kind: string; runId: string; id: string; nudge: number }[]>(db.service, "sweep_crawls", {
          idle: "30 seconds",
        })
      ).filter((work) => work.runId === runId);
    const work = await sweep();
    expect(work.map(({ kind, id, nudge }) => [kind, id, nudge]).sort()).toEqual(
      [
        ["embed", stored.versionId, 1],
        ["page", queued!.id, 1],
        ["page", fetching!.id, 1],
      ].sort(),
    );
    expect(await sweep(), "not again at once").toEqual([]);
  });
});

describe("match_chunks", () => {
  test("ranks by BM25 with the agent's own statistics", async () => {
    const tenant = await withPublishedPage(db, [
      chunk("rare and common", [1, 2]),
      chunk("common only", [2, 9], 1),
      chunk("common again", [2, 8], 2),
    ]);
    const rows = (await match(db.service, tenant, [1, 2])).sort((x, y) => y.lexical - x.lexical);
    expect(rows[0]!.content).toBe("rare and common");
    // N = 3, tf = 1, length = average: idf · 1 / (1 + 1.2)
    const idf = (n: number) => Math.log(1 + (3 - n + 0.5) / (n + 0.5));
    expect(rows[0]!.lexical).toBeCloseTo((idf(1) + idf(3)) / 2.2, 4);
    expect(rows[1]!.lexical).toBeCloseTo(idf(3) / 2.2, 4);
  });

  test("reads of a large agent what has a rare word of the question, or two of the next three", async () => {
    const [rare, first, second, third, everywhere] = [1, 2, 3, 4, 5];
    const passages = { rare: [rare], "1 + 2": [first, second], "1 + 3": [first, third], "2 + 3": [second, third] };
    const unread = { "1": [first], "3 + everywhere": [third, everywhere], everywhere: [everywhere] };
    const tenant = await withPublishedPage(
      db,
      Object.entries({ ...passages, ...unread }).map(([content, terms], at) => chunk(content, terms, at)),
    );
    // The statistics of a large agent, without its passages.
    const counts = { [rare]: 900, [first]: 2_000, [second]: 3_000, [third]: 4_000, [everywhere]: 20_000 };
    await db.owner.query("update lex_agents set chunk_count = 100000 where agent_id = $1", [tenant.agentId]);
    for (const [term, count] of Object.entries(counts))
      await db.owner.query("update lex_terms set chunk_count = $3 where agent_id = $1 and term = $2", [
        tenant.agentId,
        term,
        count,
      ]);
    const found = async (...terms: number[]) =>
      (await match(db.service, tenant, terms)).map(({ content }) => content).sort();
    expect(await found(rare, first, second, third, everywhere)).toEqual(Object.keys(passages).sort());
    expect(await found(first, second), "however common the rarest is").toEqual(["1", "1 + 2", "1 + 3"]);
    expect(await found(everywhere)).toEqual(["3 + everywhere", "everywhere"]);
  });

  test("finds by vector what no word finds", async () => {
    const tenant = await withPublishedPage(db, [chunk("text", [1])]);
    expect(await match(db.service, tenant, [999])).toEqual([]);
    expect(await match(db.service, tenant, [999], "[1,0,0,0]")).toMatchObject([
      { content: "text", lexical: 0, similarity: 1 },
    ]);
  });

  test("does not compare vectors of another model", async () => {
    const tenant = await withPublishedPage(db, [chunk("text", [1])]);
    const found = await findChunks(db.service, tenant, [999], { embedding: "[1,0,0,0]", model: "other/model" });
    expect(found).toEqual({ chunkIds: [], lexical: [], similarity: [], knownTerms: [] });
  });

  test("tells which terms the agent knows, and no other agent's", async () => {
    const a = await withPublishedPage(db, [chunk("text", [1, 3])]);
    const b = await withPublishedPage(db, [chunk("text of b", [2])]);
    expect((await findChunks(db.service, a, [1, 2, 3])).knownTerms.sort()).toEqual([1, 3]);
    expect((await findChunks(db.service, b, [1, 2, 3])).knownTerms).toEqual([2]);
  });

  test("a question whose vector is all zeros is like nothing", async () => {
    const tenant = await withPublishedPage(db, [chunk("text", [1])]);
    const found = await findChunks(db.service, tenant, [1], { embedding: "[0,0,0,0]" });
    expect(found).toMatchObject({ chunkIds: [expect.any(String)], similarity: [0] });
  });

  test("gives nothing of another tenant, by words or by vector", async () => {
    const a = await withPublishedPage(db, [chunk("secret of a", [1])]);
    const b = await withPublishedPage(db, [chunk("text of b", [2])]);
    expect((await match(db.service, b, [1, 2], "[1,0,0,0]")).map((row) => row.content)).toEqual(["text of b"]);
    expect(await match(db.service, { tenantId: b.tenantId, agentId: a.agentId }, [1], "[1,0,0,0]")).toEqual([]);
    expect(await match(db.service, { tenantId: a.tenantId, agentId: b.agentId }, [1], "[1,0,0,0]")).toEqual([]);
  });
});
