import pg from "pg";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";

/** What SQL functions are called through: a pool, or one client inside a test's transaction. */
export type Db = Pick<pg.Pool, "query">;

/**
 * The pool of the role `alonchat_service`, which may execute the functions of schema `service` and nothing else.
 * Safe behind a transaction pooler: no named statements, no session state.
 * @param name what `pg_stat_activity` calls its connections
 */
export function createPool(databaseUrl: string, { max, name }: { max: number; name: string }): pg.Pool {
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
  return pool;
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

/** All connections were busy for as long as one waits: the statement was not sent, so it may be tried again. pg has no code for it. */
function asBusy(error: Error): never {
  if (error.message !== "timeout exceeded when trying to connect") throw error;
  throw new AppError("upstream_busy", "The server is busy. Try again in a moment.", { cause: error });
}

/** Calls a function of schema `service` that returns one value. Argument names are without their `p_`. */
export async function call<T>(db: Db, name: string, args: Args): Promise<T> {
  const { rows } = await db.query<{ value: T }>(statement(name, args, "")).catch(asBusy);
  return rows[0]!.value;
}

/** Calls a function of schema `service` that returns rows. */
export async function callRows<T extends pg.QueryResultRow>(db: Db, name: string, args: Args): Promise<T[]> {
  const { rows } = await db.query<T>(statement(name, args, "* from")).catch(asBusy);
  return rows;
}
