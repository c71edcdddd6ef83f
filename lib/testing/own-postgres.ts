import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { providePlatform, provideProduct } from "@/supabase/local/database";
import { ensurePostgres } from "@/supabase/local/install";
import { defaultHome, makeTempHome, migrationsDir, reachableHome, removeHome } from "@/supabase/local/paths";
import { createPool } from "@/supabase/local/pool";
import { freePort } from "@/supabase/local/ports";
import { type Cluster, ensureCluster, SUPERUSER, startCluster } from "@/supabase/local/postgres";
import { DATABASE, SERVICE_ROLE } from "@/supabase/local/roles";
import { ensureKeys } from "@/supabase/local/state";
import type { TestDatabase } from "./database";

/** A server of one's own, migrated and empty, that may be stopped and killed; it writes as safely as in production. */
export interface OwnPostgres extends Pick<TestDatabase, "url" | "adminUrl" | "owner"> {
  /** Stops as an operator would, then starts again on the same port after `awayMs`. */
  restart(awayMs: number): Promise<void>;
  /** Ends it on the spot, as a crash of the machine would, then starts it again after `awayMs`. */
  kill(awayMs: number): Promise<void>;
  drop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const home = makeTempHome();
  const keys = await ensureKeys(home);
  const { binDir } = await ensurePostgres(defaultHome, () => {});
  const port = await freePort();
  const options = {
    binDir,
    dataDir: join(reachableHome(home), "data"),
    port,
    superuserPassword: keys.superuserPassword,
  };
  await ensureCluster(options);
  let cluster = await startCluster(options);
  const url = (role: string, password: string) => `postgresql://${role}:${password}@127.0.0.1:${port}/${DATABASE}`;
  const server = {
    port,
    adminUrl: url(SUPERUSER, keys.superuserPassword),
    ownerUrl: url("postgres", keys.ownerPassword),
    serviceUrl: url(SERVICE_ROLE, keys.servicePassword),
    isOurs: true,
    stop: () => cluster.stop(),
  };
  await providePlatform(server, keys);
  await provideProduct(server, keys, migrationsDir);
  const owner = createPool(server.ownerUrl, { max: 3 });
  const again = async (awayMs: number) => {
    await sleep(awayMs);
    cluster = await startAgain(() => startCluster(options));
  };
  return {
    url: server.serviceUrl,
    adminUrl: server.adminUrl,
    owner,
    async restart(awayMs) {
      await cluster.stop();
      await again(awayMs);
    },
    async kill(awayMs) {
      process.kill(cluster.pid, "SIGKILL");
      await cluster.stop();
      await again(awayMs);
    },
    async drop() {
      await owner.end();
      await cluster.stop();
      removeHome(home);
    },
  };
}

/** The children of a killed server need a moment to notice, and hold its memory until then. */
async function startAgain(start: () => Promise<Cluster>): Promise<Cluster> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === 20) throw error;
      await sleep(250);
    }
  }
}
