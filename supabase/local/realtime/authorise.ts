import { jwtVerify } from "jose";
import type pg from "pg";
import type { Keys } from "../state";

export type Claims = { role: string; sub?: string; exp?: number; [claim: string]: unknown };
export type Extension = "broadcast" | "presence";

/** Claims of a user's token; of the two API keys, those of the roles they stand for. @throws when the token is not valid */
export async function readClaims(token: string | undefined, apiKey: string, keys: Keys): Promise<Claims> {
  const credential = token || apiKey;
  if (credential === keys.secretKey) return { role: "service_role" };
  if (credential === keys.publishableKey) return { role: "anon" };
  const secret = new TextEncoder().encode(keys.jwtSecret);
  const { payload } = await jwtVerify(credential, secret, { algorithms: ["HS256"] });
  return {
    ...payload,
    role: payload.role === "service_role" || payload.role === "authenticated" ? payload.role : "anon",
  };
}

/** Runs a transaction with a user's claims and rolls it back. `become` switches to the user's role for what follows. */
export async function withClaims<T>(
  pool: pg.Pool,
  claims: Claims,
  topic: string,
  work: (client: pg.PoolClient, become: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(
      `select set_config('request.jwt.claim.sub', $1, true), set_config('request.jwt.claim.role', $2, true),
              set_config('request.jwt.claims', $3, true), set_config('realtime.topic', $4, true)`,
      [claims.sub ?? "", claims.role, JSON.stringify(claims), topic],
    );
    return await work(client, () => client.query(`set local role ${client.escapeIdentifier(claims.role)}`));
  } finally {
    await client.query("rollback").catch(() => {});
    client.release();
  }
}

/**
 * Whether a user may read from or write to a private topic: the same trial against row-level security on realtime.messages
 * that hosted Realtime makes. `realtime.topic()` is the topic in the policies.
 */
export async function mayUse(
  pool: pg.Pool,
  claims: Claims,
  topic: string,
  extension: Extension,
  access: "read" | "write",
): Promise<boolean> {
  const insert = "insert into realtime.messages (topic, extension) values ($1, $2)";
  return withClaims(pool, claims, topic, async (client, become) => {
    if (access === "write") {
      await become();
      return client.query(insert, [topic, extension]).then(
        () => true,
        (error: { code?: string }) => {
          if (error.code === "42501") return false;
          throw error;
        },
      );
    }
    await client.query(insert, [topic, extension]);
    await become();
    const { rowCount } = await client.query(
      "select 1 from realtime.messages where topic = $1 and extension = $2 limit 1",
      [topic, extension],
    );
    return (rowCount ?? 0) > 0;
  });
}
