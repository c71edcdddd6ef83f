import pg from "pg";
import { AppError } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";

/** What SQL functions are called through: a pool, or one client inside a test's transaction. */
export type Db = Pick<pg.Pool, "query"> & {
  /** Whether a statement may be kept by its connection. */
  readonly prepares?: boolean;
};

/**
 * The pool of the role `alonchat_service`, which may execute the functions of schema `service` and nothing else.
 * Safe behind a transaction pooler unless `prepares`: no named statements, no session state.
 * @param name what `pg_stat_activity` calls its connections
 * @param prepares calls are parsed and planned once a connection, which must then be to Postgres itself
 */
export function createPool(
  databaseUrl: string,
  { max, name, prepares = false }: { max: number; name: string; prepares?: boolean },
): pg.Pool & Db {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: name,
    max,
    keepAlive: true,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
  });
  // An idle connection that the server closed: the next query opens another.
  pool.on("error", (error) => log.warn({ event: "db.idle_connection_lost", reason: error.message }));
  return Object.assign(pool, { prepares });
}

/** Marks an argument as jsonb: without it `pg` would write an array as a Postgres array. */
export const json = (value: unknown): string => JSON.stringify(value);

/** A vector in pgvector's text form. */
export const vector = (values: ArrayLike<number>): string => `[${Array.prototype.join.call(values, ",")}]`;

type Args = Record<string, unknown>;

function statement(name: string, args: Args, select: string): { text: string; values: unknown[] } {
  const names = Object.keys(args);
  const list = names.map((key, i) => `p_${key} => $${i + 1}`).join(", ");
  return {
    text: `select ${select} service.${name}(${list})${select === "" ? " as value" : ""}`,
    values: Object.values(args),
  };
}

/** Names of prepared statements by their text. There are as many as ways to call a function in the code. */
const preparedNames = new Map<string, string>();

/** Made of the text, not counted: our bundle and Next's each have this module, and share the connections that keep the statements. */
function prepared(text: string): string {
  let name = preparedNames.get(text);
  if (!name) {
    name = `call_${sha256(text).slice(0, 32)}`;
    preparedNames.set(text, name);
  }
  return name;
}

/** All connections were busy for as long as one waits: the statement was not sent, so it may be tried again. pg has no code for it. */
function asBusy(error: Error): never {
  if (error.message !== "timeout exceeded when trying to connect") throw error;
  throw new AppError("upstream_busy", "The server is busy. Try again in a moment.", { cause: error });
}

/** Calls a function of schema `service` that returns one value. Argument names are without their `p_`. */
export async function call<T>(db: Db, name: string, args: Args): Promise<T> {
  const query = statement(name, args, "");
  const { rows } = await db
    .query<{ value: T }>(db.prepares ? { ...query, name: prepared(query.text) } : query)
    .catch(asBusy);
  return rows[0]!.value;
}

/** Calls a function of schema `service` that returns rows. */
export async function callRows<T extends pg.QueryResultRow>(db: Db, name: string, args: Args): Promise<T[]> {
  const { rows } = await db.query<T>(statement(name, args, "* from")).catch(asBusy);
  return rows;
}
