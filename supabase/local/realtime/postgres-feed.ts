import pg from "pg";
import { withClaims } from "./authorise";
import type { Channels } from "./channels";
import { matchesFilter } from "./filter";
import type { Channel, Stats } from "./socket";

type Change = {
  schema: string;
  table: string;
  type: "INSERT" | "UPDATE" | "DELETE";
  key: Record<string, unknown> | null;
  at: string;
};
type Column = { name: string; type: string };

const MAX_WAITING_CHANGES = 10_000;
const RECONNECT_MS = 500;

/**
 * Brings what happens in the database to the channels: broadcasts of `realtime.send()`, and row changes of published
 * tables. A changed row is read again as each subscriber, so that row-level security decides what is seen.
 * @returns a function that stops listening
 */
export async function listenToPostgres(
  adminUrl: string,
  pool: pg.Pool,
  channels: Channels,
  stats: Stats,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | undefined;
  const broadcasts = batcher((ids: string[]) => deliverBroadcasts(pool, channels, ids));
  const changes = batcher(async (batch: Change[]) => {
    for (const change of batch) await deliverChange(pool, channels, change).catch(complain);
  });

  const connect = async () => {
    const next = new pg.Client({ connectionString: adminUrl, keepAlive: true, application_name: "realtime" });
    const retry = () => {
      if (stopped || client !== next) return;
      client = undefined;
      setTimeout(() => connect().catch(() => {}), RECONNECT_MS).unref();
    };
    next.on("error", retry);
    next.on("end", retry);
    next.on("notification", ({ channel, payload }) => {
      const message = JSON.parse(payload ?? "{}") as Change & { id: string; topic: string };
      if (channel === "realtime_broadcast") {
        if (channels.has(message.topic)) broadcasts.add(message.id);
      } else if (changes.waiting >= MAX_WAITING_CHANGES) stats.skippedChanges++;
      else changes.add(message);
    });
    client = next;
    try {
      await next.connect();
      await next.query("listen realtime_broadcast; listen realtime_changes");
    } catch (error) {
      retry();
      throw error;
    }
  };
  await connect();
  return async () => {
    stopped = true;
    await client?.end();
  };
}

const complain = (error: Error): void => console.warn("realtime:", error.message);

/** Works on what came together, in order, one batch at a time. */
function batcher<T>(work: (batch: T[]) => Promise<void>) {
  const waiting: T[] = [];
  let busy = false;
  const drain = async () => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 500);
      await work(batch).catch(complain);
    }
    busy = false;
  };
  return {
    add(item: T) {
      waiting.push(item);
      void drain();
    },
    get waiting() {
      return waiting.length;
    },
  };
}

async function deliverBroadcasts(pool: pg.Pool, channels: Channels, ids: string[]): Promise<void> {
  const { rows } = await pool.query<{ id: string; topic: string; event: string; payload: unknown; private: boolean }>(
    `select m.id, m.topic, m.event, m.payload, m.private from realtime.messages m
     join unnest($1::uuid[]) with ordinality as asked (id, position) on asked.id = m.id order by asked.position`,
    [ids],
  );
  for (const { id, topic, ...message } of rows) channels.broadcast({ name: topic, meta: { id }, ...message });
}

async function deliverChange(pool: pg.Pool, channels: Channels, change: Change): Promise<void> {
  const subscribers = [...channels.all()].flatMap((channel) => {
    const bindings = channel.changes.filter(
      (b) =>
        (b.event === "*" || b.event === change.type) &&
        (b.schema === "*" || b.schema === change.schema) &&
        (!b.table || b.table === "*" || b.table === change.table),
    );
    return bindings.length > 0 ? [{ channel, bindings }] : [];
  });
  if (subscribers.length === 0) return;
  const columns = await readColumns(pool, change);
  const seenAs = new Map<string, Promise<Record<string, unknown> | undefined>>();
  for (const { channel, bindings } of subscribers) {
    const who = `${channel.claims.role}:${channel.claims.sub ?? ""}`;
    if (!seenAs.has(who))
      seenAs.set(who, change.type === "DELETE" ? Promise.resolve({}) : readRow(pool, channel, change));
    const record = await seenAs.get(who);
    if (!record) continue; // hidden from this user
    const compared = change.type === "DELETE" ? (change.key ?? {}) : record;
    const ids = bindings.filter((b) => matchesFilter(b.filter, compared)).map((b) => b.id);
    if (ids.length === 0) continue;
    const data = {
      schema: change.schema,
      table: change.table,
      commit_timestamp: change.at,
      type: change.type,
      columns,
      record,
      old_record: change.type === "INSERT" ? {} : (change.key ?? {}),
      errors: null,
    };
    channel.socket.push(channel, "postgres_changes", { ids, data });
  }
}

async function readRow(
  pool: pg.Pool,
  { claims }: Channel,
  change: Change,
): Promise<Record<string, unknown> | undefined> {
  const key = Object.entries(change.key ?? {});
  if (key.length === 0) return undefined; // a table without a primary key: nothing to find the row by
  const where = key.map(([name], i) => `${pg.escapeIdentifier(name)} = $${i + 1}`).join(" and ");
  const table = `${pg.escapeIdentifier(change.schema)}.${pg.escapeIdentifier(change.table)}`;
  return withClaims(pool, claims, "", async (client, become) => {
    await become();
    const values = key.map(([, value]) => value);
    const { rows } = await client.query<{ record: Record<string, unknown> }>(
      `select to_jsonb(t) as record from ${table} t where ${where}`,
      values,
    );
    return rows[0]?.record;
  }).catch((error: { code?: string }) => {
    if (error.code === "42501") return undefined;
    throw error;
  });
}

async function readColumns(pool: pg.Pool, { schema, table }: Change): Promise<Column[]> {
  const { rows } = await pool.query<Column>(
    `select a.attname as name, t.typname as type from pg_attribute a
     join pg_type t on t.oid = a.atttypid join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [schema, table],
  );
  return rows;
}
