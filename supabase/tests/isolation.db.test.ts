import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { SupabaseClient } from "@supabase/supabase-js";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, sha256 } from "@/lib/core/ids";
import { call } from "@/lib/db/pool";
import { dataDir } from "@/lib/testing/data-dir";
import { asAnon, signUp, type TestUser, testStack } from "@/lib/testing/stack";
import { chunk, claim, publish, store } from "./fixtures";

/**
 * Tenants never meet. Two tenants with a row in every table; every table × verb × role, every function, storage path and realtime
 * topic is tried as somebody who must not. What to try comes from the catalogue, so that something new without an expectation fails.
 */

const VERBS = ["select", "insert", "update", "delete"] as const;
type Verb = (typeof VERBS)[number];
const ROLES = ["viewer", "operator", "admin", "owner"] as const;
type Role = (typeof ROLES)[number];

/** The least role that may do it to rows of its own tenant; null: nobody through the API. */
const EXPECTED: Record<string, Record<Verb, Role | null>> = {
  tenants: { select: "viewer", insert: null, update: "admin", delete: null },
  members: { select: "viewer", insert: null, update: null, delete: null },
  agents: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  agent_versions: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  sources: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  files: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  qa_pairs: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  crawl_runs: { select: "viewer", insert: null, update: null, delete: null },
  pages: { select: "viewer", insert: null, update: null, delete: null },
  page_versions: { select: "viewer", insert: null, update: null, delete: null },
  chunks: { select: "viewer", insert: null, update: null, delete: null },
  embedding_indexes: { select: "viewer", insert: "admin", update: "admin", delete: null },
  chunk_embeddings: { select: null, insert: null, update: null, delete: null },
  page_bodies: { select: null, insert: null, update: null, delete: null },
  lex_agents: { select: null, insert: null, update: null, delete: null },
  lex_terms: { select: null, insert: null, update: null, delete: null },
  lex_pending: { select: null, insert: null, update: null, delete: null },
  conversations: { select: "viewer", insert: null, update: null, delete: "admin" },
  messages: { select: "viewer", insert: "operator", update: null, delete: null },
  engagement_settings: { select: "viewer", insert: "admin", update: "admin", delete: null },
  leads: { select: "operator", insert: null, update: null, delete: "admin" },
  handovers: { select: "viewer", insert: "operator", update: "operator", delete: null },
  conversation_surveys: { select: "viewer", insert: null, update: null, delete: null },
  visitor_contexts: { select: "operator", insert: null, update: null, delete: null },
  attachments: { select: "viewer", insert: null, update: null, delete: null },
  citations: { select: "viewer", insert: null, update: null, delete: null },
  ratings: { select: "viewer", insert: null, update: null, delete: null },
  conversation_tags: { select: "viewer", insert: "operator", update: null, delete: "operator" },
  corrections: { select: "viewer", insert: "operator", update: "operator", delete: null },
  knowledge_gaps: { select: "viewer", insert: null, update: "operator", delete: null },
  gap_questions: { select: "viewer", insert: null, update: null, delete: null },
  llm_calls: { select: "admin", insert: null, update: null, delete: null },
  usage_counters: { select: "viewer", insert: null, update: null, delete: null },
  eval_sets: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  eval_questions: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  eval_runs: { select: "viewer", insert: "admin", update: "admin", delete: "admin" },
  eval_results: { select: "viewer", insert: null, update: null, delete: null },
  widget_settings: { select: "viewer", insert: null, update: "admin", delete: null },
  identity_keys: { select: "admin", insert: "admin", update: "admin", delete: "admin" },
  token_days: { select: "viewer", insert: null, update: null, delete: null },
  widget_sightings: { select: "viewer", insert: null, update: null, delete: null },
  visitor_erasures: { select: "admin", insert: null, update: null, delete: null },
};

/** Tables of the platform, which hold nothing of any tenant: whether its admins may do it. Nobody else may. */
const PLATFORM: Record<string, Record<Verb, boolean>> = {
  models: { select: true, insert: true, update: true, delete: true },
  model_changes: { select: true, insert: false, update: false, delete: false },
};

/** Functions that API roles may execute, and why that is safe. Everything else is for alonchat_service or nobody. */
const CALLABLE: Record<string, string> = {
  "public.is_platform_admin()": "tells callers about themselves",
  "public.model_editors()": "platform admins alone: asks for that first",
  "public.publish_gate(uuid,uuid,jsonb)":
    "security invoker: reads the test sets and runs that row-level security shows",
  "public.agent_version_people(uuid,uuid)": "members of the tenant alone: asks for the caller's own tenants first",
  "private.default_agent_settings()": "constant; default of agent_versions.settings",
  "private.are_agent_settings(jsonb)": "pure; check of agent_versions.settings",
  "public.source_totals(uuid,uuid)": "security invoker: counts the rows that row-level security shows",
  "public.page_languages(uuid,uuid)": "security invoker: counts the rows that row-level security shows",
  "public.conversation_facets(uuid,uuid)": "security invoker: lists what row-level security shows",
  "public.conversation_outcome(uuid,uuid)": "security invoker: judges what row-level security shows",
  "public.list_conversations(uuid,uuid,text,conversation_channel,text,rating_value,text,text,text,timestamp with time zone,timestamp with time zone,integer,integer)":
    "security invoker: lists what row-level security shows",
  "public.list_gaps(uuid,uuid,text,integer,timestamp with time zone)":
    "security invoker: lists what row-level security shows",
  "public.resolution(uuid,uuid,timestamp with time zone,timestamp with time zone,timestamp with time zone)":
    "security invoker: counts what row-level security shows",
  "private.conversation_outcomes(uuid,uuid,timestamp with time zone,timestamp with time zone,uuid[],timestamp with time zone)":
    "security invoker: judges what row-level security shows; used by the three above",
  "private.uuid_v7()": "random; default of ids",
  "private.new_public_id()": "random; default of agents.public_id",
  "private.new_live_topic()": "random; default of handovers.topic",
  "private.tenant_ids(member_role)": "the caller's own tenants; used by policies",
  "private.uuid_or_null(text)": "pure",
  "private.topic_tenant_id(text)": "pure",
};

let owner: pg.Pool;
let service: pg.Pool;
let a: TestUser;
let b: TestUser;
let tenantA: string;
let tenantB: string;
/** A row of tenant B in every table, by the column to find it with. */
let rowsOfB: Record<string, Record<string, unknown>>;

const tablesInPublic = async (): Promise<string[]> =>
  (
    await owner.query(
      "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1",
    )
  ).rows.map((row) => row.relname);

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 4 });
  service = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 });
  [a, b] = [
    await signUp(undefined, { workspace_name: "Tenant A" }),
    await signUp(undefined, { workspace_name: "Tenant B" }),
  ];
  [tenantA, tenantB] = [await tenantOf(a), await tenantOf(b)];
  await fill(tenantA);
  rowsOfB = await fill(tenantB);
});

afterAll(async () => {
  await owner.end();
  await service.end();
});

const tenantOf = async (user: TestUser): Promise<string> =>
  (await owner.query("select tenant_id from members where user_id = $1", [user.userId])).rows[0].tenant_id;

/** Puts a row of a tenant into every table, mostly through the functions that do so in life; returns one of each table. */
async function fill(tenantId: string): Promise<typeof rowsOfB> {
  const agent = (await owner.query("insert into agents (tenant_id, name) values ($1, 'Agent') returning *", [tenantId]))
    .rows[0];
  const source = (
    await owner.query(
      "insert into sources (tenant_id, agent_id, name, url) values ($1, $2, 'Site', 'https://shop.test/') returning *",
      [tenantId, agent.id],
    )
  ).rows[0];
  const runId = newId();
  await call(service, "start_crawl_run", { tenant_id: tenantId, source_id: source.id, run_id: runId });
  const begun = (await service.query("select service.begin_crawl_run($1, $2) as run", [tenantId, runId])).rows[0].run;
  const rootPageId: string = begun.startPages[0].id;
  const { lease } = await claim(service, tenantId, runId, rootPageId);
  const stored = await store(
    service,
    { tenantId, runId, pageId: rootPageId, lease },
    { text: `text of ${tenantId}`, chunks: [chunk(`text of ${tenantId}`, [1])] },
  );
  await publish(service, tenantId, stored.versionId);
  await service.query("select service.put_page_body($1, $2, 'body', 4, '{}')", [tenantId, stored.versionId]);
  const [conversationId, questionId, answerId] = [newId(), newId(), newId()];
  await service.query("select service.begin_turn($1, null, null, $2, 'playground', $3, null, $4, $5, $6, 'Question')", [
    agent.public_id,
    tenantId,
    sha256("v"),
    conversationId,
    questionId,
    answerId,
  ]);
  await service.query("select service.finish_turn($1, $2, 'complete', 'Answer [1]', null, null, $3, $4)", [
    tenantId,
    answerId,
    JSON.stringify([{ number: 1, chunkId: newId(), pageId: newId(), url: "https://shop.test/", title: "T" }]),
    JSON.stringify([{ tenantId, step: "answer", provider: "local", model: "m", latencyMs: 1, outcome: "ok" }]),
  ]);
  await call(service, "rate_answer", {
    public_id: agent.public_id,
    visitor_hash: sha256("v"),
    answer_id: answerId,
    rating: "up",
  });
  await owner.query(
    `insert into corrections (tenant_id, agent_id, message_id, question, answer) values ($1, $2, $3, 'Own?', 'Own')`,
    [tenantId, agent.id, answerId],
  );
  await owner.query(
    `with gap as (insert into knowledge_gaps (tenant_id, agent_id, title, model, embedding) values ($1, $2, 'Own?', 'local/own', '{1}') returning *)
     insert into gap_questions (tenant_id, message_id, agent_id, gap_id, reason, asked_at)
       select tenant_id, $3, agent_id, id, 'unanswered', now() from gap`,
    [tenantId, agent.id, answerId],
  );
  await owner.query("insert into conversation_tags (tenant_id, conversation_id, tag) values ($1, $2, 'own')", [
    tenantId,
    conversationId,
  ]);
  await owner.query("insert into files (tenant_id, source_id, name, size_bytes) values ($1, $2, 'own.txt', 1)", [
    tenantId,
    source.id,
  ]);
  await owner.query("insert into qa_pairs (tenant_id, source_id, question, answer) values ($1, $2, 'Own?', 'Own')", [
    tenantId,
    source.id,
  ]);
  await owner.query("insert into engagement_settings (tenant_id, agent_id, csat) values ($1, $2, true)", [
    tenantId,
    agent.id,
  ]);
  await call(service, "add_lead", {
    tenant_id: tenantId,
    conversation_id: conversationId,
    sealed_values: "sealed",
    key_id: "k",
    consent_text: "Yes",
  });
  await call(service, "hand_over", { tenant_id: tenantId, conversation_id: conversationId, reason: "visitor" });
  await owner.query("insert into conversation_surveys (tenant_id, conversation_id, score) values ($1, $2, 5)", [
    tenantId,
    conversationId,
  ]);
  await owner.query("insert into visitor_contexts (tenant_id, conversation_id, name) values ($1, $2, 'Ada')", [
    tenantId,
    conversationId,
  ]);
  await owner.query(
    "insert into attachments (tenant_id, conversation_id, name, size_bytes, state) values ($1, $2, 'a.png', 1, 'ready')",
    [tenantId, conversationId],
  );
  const { set_id: setId } = await evalSet(tenantId, agent.id);
  await owner.query("insert into eval_questions (tenant_id, set_id, question) values ($1, $2, 'Own?')", [
    tenantId,
    setId,
  ]);
  await owner.query(
    `with run as (insert into eval_runs (tenant_id, agent_id, set_id, status) values ($1, $2, $3, 'completed') returning *)
     insert into eval_results (tenant_id, run_id, number, repeat, question, expected_facts, expected_sources, must_refuse)
       select tenant_id, id, 1, 1, 'Own?', '{}', '{}', false from run`,
    [tenantId, agent.id, setId],
  );
  for (const statement of [
    `insert into identity_keys (tenant_id, agent_id, sealed, hint) values ($1, $2, '${"x".repeat(40)}', 'hint')`,
    "insert into token_days (tenant_id, agent_id, day) values ($1, $2, current_date)",
    "insert into widget_sightings (tenant_id, agent_id, host, allowed) values ($1, $2, 'own.test', true)",
    "insert into lex_pending (tenant_id, agent_id, chunk_count, total_length, terms, counts) values ($1, $2, 0, 0, '{}', '{}')",
    "insert into visitor_erasures (tenant_id, agent_id, conversations, messages, identified) values ($1, $2, 1, 2, false)",
  ])
    await owner.query(statement, [tenantId, agent.id]);
  const draft = await owner.query("insert into agent_versions (tenant_id, agent_id) values ($1, $2) returning *", [
    tenantId,
    agent.id,
  ]);
  const rows: typeof rowsOfB = {};
  for (const table of Object.keys(EXPECTED)) {
    const key = table === "tenants" ? "id" : "tenant_id";
    rows[table] = (await owner.query(`select * from public.${table} where ${key} = $1 limit 1`, [tenantId])).rows[0];
  }
  // What members may write: the published one is closed to everybody.
  rows.agent_versions = draft.rows[0];
  return rows;
}

async function evalSet(tenantId: string, agentId: string): Promise<{ set_id: string }> {
  const { rows } = await owner.query(
    "insert into eval_sets (tenant_id, agent_id, name) values ($1, $2, gen_random_uuid()) returning id as set_id",
    [tenantId, agentId],
  );
  return rows[0];
}

/** A member of tenant A in a role; the same person in all of them. */
async function inRole(role: Role): Promise<SupabaseClient> {
  await owner.query("update members set role = $1 where user_id = $2", [role, a.userId]);
  return a.client;
}

const tenantColumn = (table: string) => (table === "tenants" ? "id" : "tenant_id");
/** Columns that identify a row of a table. */
const keyOf = (table: string, row: Record<string, unknown>): Record<string, unknown> => {
  if ("id" in row) return { id: row.id };
  const keys: Record<string, string[]> = {
    members: ["tenant_id", "user_id"],
    citations: ["tenant_id", "message_id", "number"],
    ratings: ["tenant_id", "message_id"],
    gap_questions: ["tenant_id", "message_id"],
    conversation_tags: ["tenant_id", "conversation_id", "tag"],
    engagement_settings: ["tenant_id", "agent_id"],
    leads: ["tenant_id", "conversation_id"],
    handovers: ["tenant_id", "conversation_id"],
    conversation_surveys: ["tenant_id", "conversation_id"],
    visitor_contexts: ["tenant_id", "conversation_id"],
    usage_counters: ["tenant_id", "month", "metric"],
    chunk_embeddings: ["chunk_id", "index_id"],
    page_bodies: ["page_version_id"],
    lex_agents: ["agent_id"],
    lex_terms: ["agent_id", "term"],
    widget_settings: ["agent_id"],
    token_days: ["agent_id", "day"],
    widget_sightings: ["agent_id", "host"],
  };
  const columns = keys[table];
  if (!columns) throw new Error(`say in keyOf what identifies a row of ${table}`);
  const plain = (value: unknown) => (value instanceof Date ? value.toLocaleDateString("sv") : value);
  return Object.fromEntries(columns.map((column) => [column, plain(row[column])]));
};

/** Refused by a missing grant or a policy. Another error (a key that is taken, a column that is not there) proves nothing. */
const refusal = (error: { code: string; message: string }): string =>
  error.code === "42501" ? "refused" : `${error.code}: ${error.message}`;

/** What an API client can do with a table: how many rows it reached, "refused", or the error that came instead. */
async function attempt(
  client: SupabaseClient,
  table: string,
  verb: Verb,
  row: Record<string, unknown>,
): Promise<number | string> {
  const key = keyOf(table, row);
  if (verb === "select") {
    const { data, error } = await client.from(table).select("*").match(key);
    return error ? refusal(error) : data.length;
  }
  if (verb === "insert") {
    // Only what a member may set, in the row's tenant: the strongest try is one that would be valid.
    const insertable: Record<string, Record<string, unknown>> = {
      agents: { tenant_id: row.tenant_id, name: "Intruder" },
      sources: { tenant_id: row.tenant_id, agent_id: row.agent_id, name: "Intruder", url: `https://x.test/${newId()}` },
      files: { tenant_id: row.tenant_id, source_id: row.source_id, name: "intruder.txt", size_bytes: 1 },
      qa_pairs: { tenant_id: row.tenant_id, source_id: row.source_id, question: newId(), answer: "Intruder" },
      corrections: { tenant_id: row.tenant_id, agent_id: row.agent_id, question: newId(), answer: "Intruder" },
      conversation_tags: { tenant_id: row.tenant_id, conversation_id: row.conversation_id, tag: newId() },
      page_bodies: { tenant_id: row.tenant_id, page_version_id: row.page_version_id, size_bytes: 1 },
      embedding_indexes: { tenant_id: row.tenant_id, agent_id: row.agent_id, model: "local/intruder" },
      messages: {
        id: newId(),
        tenant_id: row.tenant_id,
        conversation_id: row.conversation_id,
        role: "operator",
        content: "Intruder",
        status: "complete",
      },
      attachments: { tenant_id: row.tenant_id, conversation_id: row.conversation_id, name: "a.png", size_bytes: 1 },
      engagement_settings: { tenant_id: row.tenant_id, agent_id: row.spare_agent_id ?? row.agent_id, csat: true },
      handovers: {
        tenant_id: row.tenant_id,
        conversation_id: row.spare_conversation_id ?? row.conversation_id,
        state: "human",
        operator_name: "Intruder",
      },
      agent_versions: { tenant_id: row.tenant_id, agent_id: row.agent_id },
      eval_sets: { tenant_id: row.tenant_id, agent_id: row.agent_id, name: newId() },
      eval_questions: { tenant_id: row.tenant_id, set_id: row.set_id, question: newId() },
      eval_runs: { tenant_id: row.tenant_id, agent_id: row.agent_id, set_id: row.set_id },
      identity_keys: { tenant_id: row.tenant_id, agent_id: row.agent_id, sealed: "x".repeat(40), hint: "x" },
    };
    const { error } = await client.from(table).insert(insertable[table] ?? row);
    return error ? refusal(error) : 1;
  }
  if (verb === "update") {
    const column =
      (table === "knowledge_gaps" ? "status" : undefined) ??
      [
        "note",
        "is_public",
        "theme",
        "expires_at",
        "csat",
        "operator_name",
        "question",
        "cancel_requested_at",
        "name",
        "title",
        "content",
        "role",
        "step",
        "status",
        "url",
        "used",
        "markdown",
        "chunk_count",
      ].find((name) => name in row) ??
      tenantColumn(table);
    const { data, error } = await client
      .from(table)
      .update({ [column]: row[column] })
      .match(key)
      .select("*");
    return error ? refusal(error) : data.length;
  }
  const { data, error } = await client.from(table).delete().match(key).select("*");
  return error ? refusal(error) : data.length;
}

describe("every table × verb", () => {
  test("has an expectation", async () => {
    expect(await tablesInPublic()).toEqual([...Object.keys(EXPECTED), ...Object.keys(PLATFORM)].sort());
  });

  test("holds a row of the other tenant to try for", () => {
    for (const table of Object.keys(EXPECTED)) expect(rowsOfB[table], table).toBeDefined();
  });

  test("has row-level security enabled and forced, tenant_id not null and first in an index", async () => {
    const { rows } = await owner.query(
      `select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced,
        coalesce((select a.attnotnull from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'), c.relname = any ($1)) as has_tenant,
        c.relname = any ($1) or exists (select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
          where i.indrelid = c.oid and a.attname = 'tenant_id') as indexed
      from pg_class c where c.relnamespace in ('public'::regnamespace) and c.relkind in ('r', 'p')`,
      [["tenants", ...Object.keys(PLATFORM)]],
    );
    expect(rows.filter((row) => !row.forced || !row.has_tenant || !row.indexed)).toEqual([]);
  });

  for (const table of Object.keys(EXPECTED)) {
    for (const verb of VERBS) {
      test(`${verb} ${table}: no role of tenant A reaches a row of tenant B; nor does a visitor`, async () => {
        for (const role of ROLES) {
          const reached = await attempt(await inRole(role), table, verb, rowsOfB[table]!);
          expect(reached === 0 || reached === "refused", `${role} reached ${reached}`).toBe(true);
        }
        expect(await attempt(asAnon(), table, verb, rowsOfB[table]!), "anon").toBe("refused");
      });

      test(`${verb} ${table}: of one's own tenant from ${EXPECTED[table]![verb] ?? "nobody"}`, async () => {
        const least = EXPECTED[table]![verb];
        for (const role of ROLES) {
          const row = (await fillOwn(table, verb === "insert")) as Record<string, unknown>;
          const reached = await attempt(await inRole(role), table, verb, row);
          const may = least !== null && ROLES.indexOf(role) >= ROLES.indexOf(least);
          expect(may ? reached === 1 : reached === 0 || reached === "refused", `${role}: ${reached}`).toBe(true);
        }
      });
    }
  }

  for (const [table, verbs] of Object.entries(PLATFORM)) {
    for (const verb of VERBS) {
      test(`${verb} ${table}: of the platform ${verbs[verb] ? "by its admins alone" : "by nobody"}`, async () => {
        const tried = async (client: SupabaseClient): Promise<number | string> => {
          // In a row of its own for each try, so that one that should have failed does not hide the next.
          const model = newId();
          const own = { provider: "compatible", model, kind: "rerank", context_tokens: 1 };
          const inserted: Record<string, unknown> =
            table === "models" ? own : { provider: own.provider, model, after: {} };
          const changed = table === "models" ? { input_micro_usd: 1 } : { model: "changed" };
          if (verb !== "insert" || table === "model_changes")
            await owner.query(
              "insert into models (provider, model, kind, context_tokens) values ($1, $2, $3, $4)",
              Object.values(own),
            );
          const { data, error } = await {
            select: () => client.from(table).select("*").eq("model", model),
            insert: () => client.from(table).insert(inserted).select("*"),
            update: () => client.from(table).update(changed).eq("model", model).select("*"),
            delete: () => client.from(table).delete().eq("model", model).select("*"),
          }[verb]();
          await owner.query("delete from models where model = $1", [model]);
          return error ? refusal(error) : data.length;
        };
        for (const role of ROLES) expect([0, "refused"], role).toContain(await tried(await inRole(role)));
        expect(await tried(asAnon()), "anon").toBe("refused");
        await owner.query("insert into private.platform_admins (user_id) values ($1)", [b.userId]);
        try {
          expect(await tried(b.client)).toBe(verbs[verb] ? 1 : "refused");
        } finally {
          await owner.query("delete from private.platform_admins where user_id = $1", [b.userId]);
        }
      });
    }
  }

  /** A row of tenant A to work on; new agents and sources for verbs that use them up. */
  async function fillOwn(table: string, isInsert: boolean): Promise<unknown> {
    if (table === "agents")
      return (await owner.query("insert into agents (tenant_id, name) values ($1, 'Own') returning *", [tenantA]))
        .rows[0];
    if (table === "sources") {
      const { rows } = await owner.query(
        "insert into sources (tenant_id, agent_id, name, url) select $1, id, 'Own', 'https://own.test/' || gen_random_uuid() from agents where tenant_id = $1 limit 1 returning *",
        [tenantA],
      );
      return rows[0];
    }
    if (table === "files" || table === "qa_pairs") {
      const columns = table === "files" ? "name, size_bytes" : "question, answer";
      const values = table === "files" ? "'own.txt', 1" : "gen_random_uuid(), 'Own'";
      const { rows } = await owner.query(
        `insert into ${table} (tenant_id, source_id, ${columns}) select $1, id, ${values} from sources where tenant_id = $1 limit 1 returning *`,
        [tenantA],
      );
      return rows[0];
    }
    if (table === "conversations" || table === "conversation_tags") {
      const { rows } = await owner.query(
        `with held as (insert into conversations (id, tenant_id, agent_id, visitor_hash)
           select gen_random_uuid(), $1, id, repeat('0', 64) from agents where tenant_id = $1 limit 1 returning *)
         ${table === "conversations" ? "select * from held" : ", tag as (select gen_random_uuid()::text as tag) select held.tenant_id, held.id as conversation_id, tag.tag from held, tag"}`,
        [tenantA],
      );
      if (table === "conversation_tags")
        await owner.query("insert into conversation_tags (tenant_id, conversation_id, tag) values ($1, $2, $3)", [
          tenantA,
          rows[0].conversation_id,
          rows[0].tag,
        ]);
      return rows[0];
    }
    if (table === "agent_versions") {
      const { id } = (
        await owner.query("insert into agents (tenant_id, name) values ($1, 'Own') returning id", [tenantA])
      ).rows[0];
      // Members write drafts, of which an agent has one: an insert is tried where there is none yet.
      if (isInsert) return { id: newId(), tenant_id: tenantA, agent_id: id };
      return (
        await owner.query("insert into agent_versions (tenant_id, agent_id) values ($1, $2) returning *", [tenantA, id])
      ).rows[0];
    }
    if (table === "embedding_indexes") {
      const { rows } = await owner.query(
        `with agent as (insert into agents (tenant_id, name) values ($1, 'Own') returning *)
         insert into embedding_indexes (tenant_id, agent_id, model, state) select $1, id, 'local/own', 'live' from agent returning *`,
        [tenantA],
      );
      return rows[0];
    }
    // Sweeps of tests beside this one count what is pending, and with that the row of `fill` is gone.
    if (table === "lex_pending") {
      const { rows } = await owner.query(
        `insert into lex_pending (tenant_id, agent_id, chunk_count, total_length, terms, counts)
         select $1, id, 0, 0, '{}', '{}' from agents where tenant_id = $1 limit 1 returning *`,
        [tenantA],
      );
      return rows[0];
    }
    if (table === "eval_runs") {
      const { id: agentId } = (await owner.query("select id from agents where tenant_id = $1 limit 1", [tenantA]))
        .rows[0];
      const { set_id: setId } = await evalSet(tenantA, agentId);
      const { rows } = await owner.query(
        "insert into eval_runs (tenant_id, agent_id, set_id, status) values ($1, $2, $3, 'completed') returning *",
        [tenantA, agentId, setId],
      );
      return rows[0];
    }
    if (table === "identity_keys") {
      const { rows } = await owner.query(
        "insert into identity_keys (tenant_id, agent_id, sealed, hint) select $1, id, repeat('x', 40), 'own' from agents where tenant_id = $1 limit 1 returning *",
        [tenantA],
      );
      return rows[0];
    }
    if (table === "engagement_settings") {
      const agents = await owner.query(
        "insert into agents (tenant_id, name) values ($1, 'Own'), ($1, 'Spare') returning id",
        [tenantA],
      );
      const [own, spare] = agents.rows;
      const { rows } = await owner.query(
        "insert into engagement_settings (tenant_id, agent_id) values ($1, $2) returning *",
        [tenantA, own.id],
      );
      return { ...rows[0], spare_agent_id: spare.id };
    }
    if (table === "messages" || table === "handovers" || table === "leads") {
      const [own, spare] = [await ownConversation(), await ownConversation()];
      if (table === "leads")
        await owner.query(
          `insert into leads (tenant_id, conversation_id, agent_id, sealed_values, key_id, consent_text)
             select tenant_id, id, agent_id, 'sealed', 'k', 'Yes' from conversations where id = $1`,
          [own],
        );
      await owner.query(
        "insert into handovers (tenant_id, conversation_id, state, operator_id, operator_name) values ($1, $2, 'human', $3, 'Ada')",
        [tenantA, own, a.userId],
      );
      if (table === "messages")
        await owner.query(
          "insert into messages (id, tenant_id, conversation_id, role, content, status) values ($1, $2, $3, 'visitor', 'Hello', 'complete')",
          [newId(), tenantA, own],
        );
      const { rows } = await owner.query(`select * from public.${table} where conversation_id = $1`, [own]);
      return table === "handovers" ? { ...rows[0], spare_conversation_id: spare } : rows[0];
    }
    const where = table === "members" ? "user_id = $1" : `${tenantColumn(table)} = $1`;
    return (
      await owner.query(`select * from public.${table} where ${where} limit 1`, [
        table === "members" ? a.userId : tenantA,
      ])
    ).rows[0];
  }

  async function ownConversation(): Promise<string> {
    const { rows } = await owner.query(
      `insert into conversations (id, tenant_id, agent_id, visitor_hash)
         select gen_random_uuid(), tenant_id, id, $2 from agents where tenant_id = $1 limit 1 returning id`,
      [tenantA, sha256("own")],
    );
    return rows[0].id;
  }

  test("a row cannot be moved to another tenant, nor point into one", async () => {
    const client = await inRole("owner");
    const own = (await owner.query("insert into agents (tenant_id, name) values ($1, 'Mover') returning id", [tenantA]))
      .rows[0];
    expect((await client.from("agents").update({ tenant_id: tenantB }).eq("id", own.id)).error).not.toBeNull();
    expect(
      (
        await client
          .from("sources")
          .insert({ tenant_id: tenantA, agent_id: rowsOfB.agents!.id, name: "x", url: "https://x.test/" })
      ).error,
    ).not.toBeNull();
  });

  test("loses every row of a workspace that is deleted, and none of another", async () => {
    const leaving = await signUp(undefined, { workspace_name: "Leaving" });
    const tenantId = await tenantOf(leaving);
    await fill(tenantId);
    const rowsOf = async (tenant: string): Promise<Record<string, number>> =>
      Object.fromEntries(
        await Promise.all(
          Object.keys(EXPECTED).map(async (table) => {
            const count = `select count(*)::int as n from public.${table} where ${tenantColumn(table)} = $1`;
            return [table, (await owner.query(count, [tenant])).rows[0].n];
          }),
        ),
      );
    const others = await rowsOf(tenantB);
    for (const [table, n] of Object.entries(await rowsOf(tenantId))) expect(n, table).toBeGreaterThan(0);
    await owner.query("delete from tenants where id = $1", [tenantId]);
    expect([...new Set(Object.values(await rowsOf(tenantId)))]).toEqual([0]);
    expect(await rowsOf(tenantB)).toEqual(others);
  });

  test("the service role's wrong pairing fails on the composite foreign key", async () => {
    await expect(
      owner.query("insert into sources (tenant_id, agent_id, name, url) values ($1, $2, 'x', 'https://x.test/')", [
        tenantA,
        rowsOfB.agents!.id,
      ]),
    ).rejects.toThrow("foreign key");
  });
});

describe("every function", () => {
  const executableBy = async (role: string): Promise<string[]> =>
    (
      await owner.query(
        `select p.oid::regprocedure::text as signature, n.nspname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('public', 'private', 'service') and has_function_privilege($1, p.oid, 'execute') and has_schema_privilege($1, n.oid, 'usage')
           and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
        [role],
      )
    ).rows
      .map(({ signature, nspname }) => (signature.includes(".") ? signature : `${nspname}.${signature}`))
      .sort();

  test("that a signed-in member may execute is expected", async () => {
    expect(await executableBy("authenticated")).toEqual(Object.keys(CALLABLE).sort());
  });

  test("is closed to visitors", async () => {
    expect(await executableBy("anon")).toEqual([]);
  });

  test("of schema service is open to alonchat_service, which may do nothing else", async () => {
    const { rows } = await owner.query(
      "select p.oid::regprocedure::text as signature from pg_proc p where p.pronamespace = 'service'::regnamespace",
    );
    const functions = rows.map((row) => row.signature).sort();
    expect(functions.length).toBeGreaterThan(15);
    expect((await executableBy("alonchat_service")).filter((name) => !name.startsWith("public.is_platform"))).toEqual(
      functions,
    );
    const { rows: tables } = await owner.query(
      `select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p', 'v') and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'auth'::regnamespace, 'storage'::regnamespace)
         and (has_table_privilege('alonchat_service', c.oid, 'select') or has_table_privilege('alonchat_service', c.oid, 'insert')
           or has_table_privilege('alonchat_service', c.oid, 'update') or has_table_privilege('alonchat_service', c.oid, 'delete'))`,
    );
    expect(tables).toEqual([]);
  });

  test("is pinned to an empty search path", async () => {
    const { rows } = await owner.query(
      `select p.oid::regprocedure::text from pg_proc p where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace, 'service'::regnamespace)
         and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
         and not coalesce('search_path=""' = any (p.proconfig), false)`,
    );
    expect(rows).toEqual([]);
  });

  test("of schema service cannot be reached over REST", async () => {
    const client = await inRole("owner");
    const { rows } = await owner.query(
      "select distinct p.proname from pg_proc p where p.pronamespace = 'service'::regnamespace",
    );
    for (const { proname } of rows) {
      expect((await client.rpc(proname, {})).error, proname).not.toBeNull();
      expect((await client.schema("service").rpc(proname, {})).error, `service.${proname}`).not.toBeNull();
    }
  });
});

describe("every storage path", () => {
  const bytes = () => new Blob(["text"], { type: "text/plain" });

  test("has an expectation: one private bucket", async () => {
    expect((await owner.query("select id, public from storage.buckets order by id")).rows).toEqual([
      { id: "sources", public: false },
    ]);
  });

  test("of another tenant is closed: upload, download, list, move, delete, signed address", async () => {
    const file = `${tenantB}/secret.txt`;
    expect((await b.client.storage.from("sources").upload(file, bytes())).error).toBeNull();
    const client = await inRole("owner");
    const bucket = client.storage.from("sources");
    expect((await bucket.download(file)).error).not.toBeNull();
    expect((await bucket.createSignedUrl(file, 60)).error).not.toBeNull();
    expect((await bucket.list(tenantB)).data ?? []).toEqual([]);
    expect((await bucket.upload(`${tenantB}/intruder.txt`, bytes())).error).not.toBeNull();
    expect((await bucket.upload(file, bytes(), { upsert: true })).error).not.toBeNull();
    expect((await bucket.move(file, `${tenantA}/stolen.txt`)).error).not.toBeNull();
    expect((await bucket.copy(file, `${tenantA}/stolen.txt`)).error).not.toBeNull();
    await bucket.remove([file]);
    expect(await (await b.client.storage.from("sources").download(file)).data?.text()).toBe("text");
    expect((await asAnon().storage.from("sources").download(file)).error).not.toBeNull();
  });

  test.each(["secret.txt", "../x.txt", "not-a-uuid/x.txt", "sources/x.txt"])(
    "outside a tenant's folder (%s) is closed",
    async (path) => {
      expect((await (await inRole("owner")).storage.from("sources").upload(path, bytes())).error).not.toBeNull();
    },
  );

  test("of one's own tenant is written by admins and read by all members", async () => {
    const file = `${tenantA}/own.txt`;
    expect((await (await inRole("operator")).storage.from("sources").upload(file, bytes())).error).not.toBeNull();
    expect((await (await inRole("admin")).storage.from("sources").upload(file, bytes())).error).toBeNull();
    expect((await (await inRole("viewer")).storage.from("sources").download(file)).error).toBeNull();
  });
});

describe("every realtime topic", () => {
  /** "open" or the reason it was refused with. */
  const join = (client: SupabaseClient, topic: string): Promise<string> =>
    new Promise((resolve) => {
      const channel = client.channel(topic, { config: { private: true } });
      channel.subscribe((status, error) => {
        if (status === "SUBSCRIBED") resolve("open");
        else if (status === "CHANNEL_ERROR" || status === "TIMED_OUT") resolve(`closed: ${error?.message ?? status}`);
        else return;
        void client.removeChannel(channel);
      });
    });

  test("has an expectation: one policy, for listening", async () => {
    const { rows } = await owner.query(
      "select polname, polcmd::text from pg_policy where polrelid = 'realtime.messages'::regclass",
    );
    expect(rows).toEqual([{ polname: "messages_select_viewer", polcmd: "r" }]);
  });

  test("of another tenant, of none, or made up is closed; one's own is open", async () => {
    const client = await inRole("owner");
    await client.realtime.setAuth(a.accessToken);
    expect(await join(client, `tenant:${tenantA}:crawl`)).toBe("open");
    for (const topic of [
      `tenant:${tenantB}:crawl`,
      "tenant::crawl",
      "tenant:*:crawl",
      `tenant:${tenantB}`,
      "crawl",
      `x:${tenantA}:crawl`,
    ])
      expect(await join(client, topic), topic).toMatch(/^closed/);
    expect(await join(asAnon(), `tenant:${tenantA}:crawl`)).toMatch(/^closed/);
    await client.realtime.disconnect();
  });
});

describe("the lint of the schema", () => {
  const lint = dataDir() ? `${dataDir()}/security/rls_lint.sql` : "";
  /** Warnings that stand, each with its reason. */
  const EXPLAINED: Record<string, string> = {
    "L33 unique-without-tenant on agents_public_id_key on public.agents":
      "public_id is random (79 bits) and unique over all tenants on purpose: it is what a customer's page names",
  };

  test.skipIf(!existsSync(lint))(
    "finds no error, and every warning is explained (needs the shared development data)",
    () => {
      const { adminDatabaseUrl } = testStack();
      const output = execFileSync(
        "psql",
        [
          adminDatabaseUrl,
          "-X",
          "-t",
          "-v",
          "ON_ERROR_STOP=1",
          "-v",
          "schemas=public",
          "-v",
          "tenant_cols=tenant_id",
          "-f",
          lint,
        ],
        { encoding: "utf8" },
      );
      const found = output.split("\n").filter((line) => /^(ERROR|WARN)/.test(line));
      expect(found.filter((line) => line.startsWith("ERROR"))).toEqual([]);
      const warnings = found
        .filter((line) => line.startsWith("WARN"))
        .map((line) => line.split(" | ").slice(1, 3).join(" on "));
      expect(warnings.sort()).toEqual(Object.keys(EXPLAINED).sort());
    },
  );
});
