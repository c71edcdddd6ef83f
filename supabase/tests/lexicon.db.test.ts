import type pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { call, callRows, json } from "@/lib/db/pool";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { beginRun, chunk, claim, link, match, publish, store, type Tenant, withPublishedPage } from "./fixtures";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const COMMON = 7;
const LARGE = 600;

/** An agent that is too large for its statistics to be counted with each page. */
const largeAgent = () =>
  withPublishedPage(
    db,
    Array.from({ length: LARGE }, (_, i) => chunk(`passage ${i}`, [COMMON, 1_000 + i], i)),
  );

/** Drafts of so many pages of one passage each, whose words are the common one and one of their own. */
async function drafts(
  tenant: Tenant,
  count: number,
  firstTerm: number,
): Promise<{ versionId: string; pageId: string }[]> {
  const { runId, rootPageId } = await beginRun(db.service, tenant);
  const { newPages } = await call<{ newPages: { id: string }[] }>(db.service, "add_links", {
    tenant_id: tenant.tenantId,
    run_id: runId,
    links: json(Array.from({ length: count }, (_, i) => link(`/${firstTerm}-${i}`))),
  });
  const made: { versionId: string; pageId: string }[] = [];
  for (const { id: pageId } of newPages.filter(({ id }) => id !== rootPageId)) {
    const { lease } = await claim(db.service, tenant.tenantId, runId, pageId);
    const term = firstTerm + made.length;
    const stored = await store(
      db.service,
      { ...tenant, runId, pageId, lease },
      { text: `page ${term}`, chunks: [chunk(`page ${term}`, [COMMON, term])] },
    );
    made.push({ versionId: stored.versionId, pageId });
  }
  return made;
}

/** Counted and still to be counted together. */
async function totals({ agentId }: Tenant): Promise<Record<string, number>> {
  const { rows } = await db.owner.query<{ term: string; n: number }>(
    `select t.term::text, sum(t.n)::integer as n from (
       select s.term, s.chunk_count as n from lex_terms s where s.agent_id = $1
       union all select t.term, t.n from lex_pending d, unnest(d.terms, d.counts) as t (term, n) where d.agent_id = $1
       union all select 0, s.chunk_count from lex_agents s where s.agent_id = $1
       union all select 0, d.chunk_count from lex_pending d where d.agent_id = $1) t
     group by t.term having sum(t.n) <> 0`,
    [agentId],
  );
  return Object.fromEntries(rows.map(({ term, n }) => [term, n]));
}

/** What the published passages say themselves. */
async function truth({ agentId }: Tenant): Promise<Record<string, number>> {
  const { rows } = await db.owner.query<{ term: string; n: number }>(
    `select t.term::text, count(*)::integer as n from chunks c, unnest(c.terms || 0) as t (term)
     where c.agent_id = $1 and c.published group by t.term`,
    [agentId],
  );
  return Object.fromEntries(rows.map(({ term, n }) => [term, n]));
}

const pendingOf = async ({ agentId }: Tenant): Promise<number> =>
  (await db.owner.query("select count(*)::integer as n from lex_pending where agent_id = $1", [agentId])).rows[0].n;
const sweep = () => call<number>(db.service, "sweep_lexicons", {});

describe("statistics of a large agent", () => {
  test("may lag behind, are never wrong together with what is pending, and are counted by the sweep", async () => {
    const tenant = await largeAgent();
    const pages = await drafts(tenant, 9, 5_000);
    await Promise.all(pages.map(({ versionId }) => publish(db.service, tenant.tenantId, versionId)));
    expect(await pendingOf(tenant)).toBe(9);
    expect(await totals(tenant)).toEqual(await truth(tenant));
    expect(await sweep()).toBeGreaterThanOrEqual(1);
    expect(await pendingOf(tenant)).toBe(0);
    expect(await totals(tenant)).toEqual(await truth(tenant));
    expect((await totals(tenant))[COMMON]).toBe(LARGE + 9);
  });

  test("know a new word as soon as its page is published", async () => {
    const tenant = await largeAgent();
    const [page] = await drafts(tenant, 1, 6_000);
    expect(await match(db.service, tenant, [6_000])).toEqual([]);
    await publish(db.service, tenant.tenantId, page!.versionId);
    expect(await pendingOf(tenant)).toBe(1);
    expect((await match(db.service, tenant, [6_000])).map((row) => row.content)).toEqual(["page 6000"]);
    const found = await match(db.service, tenant, [COMMON, 6_000]);
    const best = found.toSorted((a, b) => b.lexical - a.lexical)[0];
    expect(best?.content, "and weigh it as a rare one").toBe("page 6000");
  });

  test("are counted before they lag by more than a twentieth", async () => {
    const tenant = await largeAgent();
    for (const { versionId } of await drafts(tenant, 45, 7_000)) {
      await publish(db.service, tenant.tenantId, versionId);
      expect(await pendingOf(tenant)).toBeLessThan((LARGE + 45) / 20);
    }
    expect(await totals(tenant)).toEqual(await truth(tenant));
    const { rows } = await db.owner.query("select chunk_count from lex_agents where agent_id = $1", [tenant.agentId]);
    expect(rows[0].chunk_count).toBeGreaterThan(LARGE);
  });

  test("follow pages that are replaced and removed, down to none", async () => {
    const tenant = await largeAgent();
    const pages = await drafts(tenant, 3, 8_000);
    for (const { versionId } of pages) await publish(db.service, tenant.tenantId, versionId);
    await db.owner.query("delete from pages where id = $1", [pages[0]!.pageId]);
    expect(await totals(tenant)).toEqual(await truth(tenant));
    await sweep();
    expect(await totals(tenant)).toEqual(await truth(tenant));
    expect(await match(db.service, tenant, [8_000])).toEqual([]);
    await db.owner.query("delete from sources where id = $1", [tenant.sourceId]);
    await sweep();
    expect(await totals(tenant)).toEqual({});
    expect((await db.owner.query("select from lex_terms where agent_id = $1", [tenant.agentId])).rowCount).toBe(0);
  });

  test("do not make one publisher wait for another; a change of model waits for both", async () => {
    const tenant = await largeAgent();
    const [one, other] = await drafts(tenant, 2, 9_000);
    const clients: pg.PoolClient[] = [];
    const begin = async () => {
      const client = await db.owner.connect();
      clients.push(client);
      await client.query("begin; set local lock_timeout = '200ms'");
      return client;
    };
    const publishIn = (client: pg.PoolClient, versionId: string) =>
      client.query("select private.publish_chunks($1, $2, $3)", [tenant.tenantId, tenant.agentId, versionId]);
    try {
      await publishIn(await begin(), one!.versionId);
      await publishIn(await begin(), other!.versionId);
      const third = await begin();
      await expect(third.query("select private.lock_lexicon($1)", [tenant.agentId])).rejects.toThrow(/lock timeout/);
    } finally {
      for (const client of clients) {
        await client.query("rollback");
        client.release();
      }
    }
  });

  test("are swept of one agent although another is being published to", async () => {
    const [busy, idle] = [await largeAgent(), await largeAgent()];
    for (const tenant of [busy, idle])
      for (const { versionId } of await drafts(tenant, 1, 9_500)) await publish(db.service, tenant.tenantId, versionId);
    const client = await db.owner.connect();
    try {
      await client.query("begin");
      await client.query("select private.lock_lexicon($1)", [busy.agentId]);
      await sweep();
      expect(await pendingOf(idle)).toBe(0);
      expect(await pendingOf(busy)).toBe(1);
    } finally {
      await client.query("rollback");
      client.release();
    }
  });
});

describe("long words", () => {
  type Long = [term: number, word: string];
  const withWords = (content: string, longWords: Long[], position = 0) => ({
    ...chunk(
      content,
      longWords.map(([term]) => term),
      position,
    ),
    longWords,
  });
  const related = async (
    { tenantId, agentId }: Tenant,
    { beginnings = [] as string[], ends = [] as string[] },
  ): Promise<string[]> => {
    const args = { tenant_id: tenantId, agent_id: agentId, terms: [], beginnings, ends };
    return (await callRows<{ word: string }>(db.service, "known_terms", args)).map(({ word }) => word);
  };
  const publishWith = async (tenant: Tenant, path: string, longWords: Long[]): Promise<string> => {
    const { runId } = await beginRun(db.service, tenant);
    const { newPages } = await call<{ newPages: { id: string; url: string }[] }>(db.service, "add_links", {
      tenant_id: tenant.tenantId,
      run_id: runId,
      links: json([link(path)]),
    });
    const pageId = newPages.find(({ url }) => url.endsWith(path))!.id;
    const { lease } = await claim(db.service, tenant.tenantId, runId, pageId);
    const { versionId } = await store(
      db.service,
      { ...tenant, runId, pageId, lease },
      { text: path, chunks: [withWords(path, longWords)] },
    );
    expect(await related(tenant, { beginnings: longWords.map(([, word]) => word.slice(0, 5)) }), "a draft").toEqual([]);
    await publish(db.service, tenant.tenantId, versionId);
    return pageId;
  };

  test("are found by what they begin and end with once they are published, never as drafts, and not after they are gone", async () => {
    const tenant = await withPublishedPage(db, [chunk("nothing long", [1, 2])]);
    const pageId = await publishWith(tenant, "/kosten", [
      [101, "versandkost"],
      [102, "reisekost"],
    ]);
    expect(await related(tenant, { beginnings: ["versand"] })).toEqual(["versandkost"]);
    expect(await related(tenant, { ends: ["kost"] })).toEqual(["reisekost", "versandkost"]);
    expect(await related(tenant, { beginnings: ["kost"], ends: ["versand"] })).toEqual([]);
    const { rows } = await db.owner.query("select from page_versions where page_id = $1 and long_words is not null", [
      pageId,
    ]);
    expect(rows, "kept once").toEqual([]);
    await db.owner.query("delete from pages where id = $1", [pageId]);
    await sweep();
    expect(await related(tenant, { ends: ["kost"] })).toEqual([]);
  });

  test("have letters enough beside the part: three behind a beginning, four before an end, five before a short one", async () => {
    const tenant = await withPublishedPage(db, [
      withWords("one", [
        [101, "hausrat"],
        [102, "hausen"],
        [103, "abstand"],
        [104, "notstand"],
        [105, "hochstand"],
        [106, "produkakt"],
        [107, "artenakt"],
        [108, "contakt"],
      ]),
    ]);
    expect(await related(tenant, { beginnings: ["haus"] })).toEqual(["hausrat"]);
    expect(await related(tenant, { ends: ["stand"] })).toEqual(["hochstand"]);
    expect(await related(tenant, { ends: ["akt"] })).toEqual(["artenakt", "produkakt"]);
  });

  test("of a part are at most twelve, the commonest; signs of patterns mean nothing", async () => {
    const words = Array.from({ length: 20 }, (_, i): Long => [200 + i, `versand${"abcdefghijklmnopqrst"[i]}wort`]);
    const tenant = await withPublishedPage(db, [withWords("all", words), withWords("last", words.slice(-2), 1)]);
    const found = await related(tenant, { beginnings: ["versand"] });
    expect(found).toHaveLength(12);
    expect(found.slice(0, 2)).toEqual(words.slice(-2).map(([, word]) => word));
    expect(await related(tenant, { beginnings: ["versand%", "_ersand", ".*"], ends: ["%wort", "w_rt"] })).toEqual([]);
  });

  test("are looked up by an index: among 20,000 of others as quickly as among none", async () => {
    const tenant = await withPublishedPage(db, [withWords("one", [[101, "versandkost"]])]);
    const other = await withPublishedPage(db, [chunk("other", [1])]);
    const client = await db.owner.connect();
    onTestFinished(() => client.release());
    const buffers = async () => {
      const { rows } = await client.query(
        `explain (analyze, buffers, timing off, format json)
         select * from service.known_terms($1, $2, '{1,2,3}', '{versand,miet}', '{kost,dauer}')`,
        [tenant.tenantId, tenant.agentId],
      );
      const plan = rows[0]["QUERY PLAN"][0].Plan;
      return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
    };
    // The first call reads the catalogue.
    await buffers();
    const few = await buffers();
    for (const { tenantId, agentId } of [tenant, other]) {
      await db.owner.query(
        `insert into lex_terms (tenant_id, agent_id, term, chunk_count, word)
         select $1, $2, 1000 + n, 1, 'x' || translate(n::text, '0123456789', 'abcdefghij') || 'wortteil' from generate_series(1, 20000) n`,
        [tenantId, agentId],
      );
    }
    expect(await buffers()).toBeLessThan(few + 30);
    await db.owner.query("analyze lex_terms");
    // And the next one makes the plan anew.
    await buffers();
    expect(await buffers()).toBeLessThan(few + 30);
  });

  test("of a large agent are known at once too, also those that a page in another language brought without their letters", async () => {
    const tenant = await largeAgent();
    await publishWith(tenant, "/de", [
      [1_000, "informationsblatt"],
      [77_000, "versandkost"],
    ]);
    expect(await pendingOf(tenant)).toBe(1);
    expect(await related(tenant, { beginnings: ["informations", "versand"] })).toEqual([
      "informationsblatt",
      "versandkost",
    ]);
    expect(await totals(tenant)).toEqual(await truth(tenant));
  });
});
