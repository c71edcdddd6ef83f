import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { parseEnv } from "@/lib/core/env";
import { createPlatform } from "@/lib/platform";
import { workerEnv } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { docxOf } from "@/lib/testing/office-files";
import { startWorkerProcess } from "@/lib/testing/worker-process";
import { addTenant } from "@/supabase/tests/fixtures";
import { queueDocument } from "./queue-document";

const file = docxOf([
  { heading: "Returns" },
  { text: "Send it back within 45 days." },
  { heading: "Repairs" },
  { text: "The repair desk answers within two days." },
]);

/** Stands in for Storage: hands out the same object under every path. */
let storage: Server;
let storageUrl: string;
beforeAll(async () => {
  storage = createServer((_request, response) => response.writeHead(200, { "content-length": file.length }).end(file));
  await new Promise<void>((resolve) => storage.listen(0, "127.0.0.1", resolve));
  storageUrl = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
});
afterAll(() => storage.close());

const env = () => ({ SUPABASE_URL: storageUrl, SUPABASE_SECRET_KEY: "sb_secret_for-the-stand-in" });

/** What would take minutes of waiting: leases of the dead end, and what they touched counts as idle. */
const letLeasesEnd = ({ owner }: TestDatabase) =>
  owner.query("update pages set lease_until = now() - interval '1 second', updated_at = now() - interval '1 minute'");

test.for(["download", "parse", "store", "embed", "publish"])(
  "a worker killed after the step “%s” of a file loses nothing and doubles nothing",
  async (step) => {
    const db = await createTestDatabase();
    onTestFinished(() => db.drop());
    const { tenantId, agentId } = await addTenant(db.owner);
    const one = async (sql: string, values: unknown[]) => (await db.owner.query(sql, values)).rows[0];
    const source = await one(
      "insert into sources (tenant_id, agent_id, kind, name) values ($1, $2, 'file', 'Files') returning id",
      [tenantId, agentId],
    );
    const { id: fileId } = await one(
      "insert into files (tenant_id, source_id, name, size_bytes, confirmed_at) values ($1, $2, 'returns.docx', $3, now()) returning id",
      [tenantId, source.id, file.length],
    );

    const doomed = startWorkerProcess(db.url, { ...env(), CRASH_AT: step });
    onTestFinished(() => void doomed.child.kill("SIGKILL"));
    const platform = createPlatform(parseEnv(workerEnv(db.url, env())));
    await queueDocument(await platform.files(), { tenantId, sourceId: source.id, fileId });
    await platform.close();
    expect(await doomed.ended).toEqual({ code: null, signal: "SIGKILL" });

    await letLeasesEnd(db);
    const rescuer = startWorkerProcess(db.url, env());
    onTestFinished(async () => {
      rescuer.child.kill("SIGKILL");
      await rescuer.ended;
    });
    await expect
      .poll(() =>
        one("select status, found, published, unchanged, failed from crawl_runs where source_id = $1", [source.id]),
      )
      .toEqual({ status: "completed", found: 1, published: 1, unchanged: 0, failed: 0 });
    expect((await db.owner.query("select content, published from chunks order by position")).rows).toEqual([
      { content: "Send it back within 45 days.", published: true },
      { content: "The repair desk answers within two days.", published: true },
    ]);
    expect(await one("select count(*)::int as versions from page_versions", [])).toEqual({ versions: 1 });
    expect(await one("select status from sources where id = $1", [source.id])).toEqual({ status: "ready" });
  },
);
