import pg from "pg";

/**
 * A pool that survives its server. `pool.end()` does not wait until the server has closed the connections, and a server that
 * stops right then says so on connections that nobody listens to any more, which would end the process.
 */
export function createPool(connectionString: string, options: { max: number; name?: string }): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: options.max, application_name: options.name });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}
