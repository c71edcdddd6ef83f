import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { call, type Db, json } from "@/lib/db/pool";

const compress = promisify(gzip);

/** What reading a page depends on beside its bytes. */
const KEPT_HEADERS = ["content-type", "x-robots-tag"];

/** Keeps what the site sent for a version, compressed, so that the page can be read anew without the site. */
export async function keepBody(
  { db }: { db: Db },
  { tenantId, versionId }: { tenantId: string; versionId: string },
  { body, headers }: { body: Buffer; headers: Record<string, string> },
): Promise<void> {
  const kept = Object.fromEntries(KEPT_HEADERS.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
  await call<void>(db, "put_page_body", {
    tenant_id: tenantId,
    version_id: versionId,
    body: await compress(body),
    size_bytes: body.length,
    headers: json(kept),
  });
}
