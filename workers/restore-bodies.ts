import { parseArgs } from "node:util";
import { z } from "zod";
import { env } from "@/lib/core/env";
import { restoreBodies } from "@/lib/crawl";
import { createPool } from "@/lib/db/pool";
import { createStorage } from "@/lib/storage";

const USAGE = `npm run bodies:restore -- --tenant ID

Brings what the sites of a workspace sent back from Storage into the database, where it stays for RAW_BODY_HOT_DAYS.`;

/** For operators; docs/deploy.md says when. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { tenant: { type: "string" } } });
  const tenant = z.uuid().safeParse(values.tenant);
  if (!tenant.success) throw new Error(USAGE);
  const { DATABASE_URL, SUPABASE_URL: url, SUPABASE_SECRET_KEY: secretKey } = env();
  if (!secretKey) throw new Error("Set SUPABASE_SECRET_KEY: without it nothing can be read from Storage.");
  const pool = createPool(DATABASE_URL, { max: 1, name: "alonchat-script" });
  try {
    const { restored, lost } = await restoreBodies(
      { db: pool, storage: createStorage({ url, secretKey }) },
      { tenantId: tenant.data },
    );
    process.stdout.write(`${restored} restored, ${lost} no longer in Storage.\n`);
    if (lost > 0) process.exitCode = 2;
  } finally {
    await pool.end();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
