import { setTimeout as sleep } from "node:timers/promises";
import { embedPage } from "@/lib/crawl";
import { persistently } from "@/lib/db/persistently";
import { call } from "@/lib/db/pool";
import type { FilesDeps } from "./deps";
import { FileProblem } from "./problem";
import { markDocument } from "./queue-document";
import { readDocument } from "./read-document";

/** Longer than reading and embedding a list takes, shorter than somebody waits. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 100;

/**
 * Reads a list of questions here and now, instead of on a worker: when it returns true, the next visitor is answered from it. Whoever else
 * reads the same list meanwhile is waited for; what is not done in time, or breaks off, is finished by a worker, as the rows say.
 * The caller has shown by a write under row-level security that the member may.
 * @throws AppError "not_found" when the tenant has no such list; what the model that embeds was refused with
 */
export async function publishPairs(
  deps: FilesDeps,
  { tenantId, sourceId }: { tenantId: string; sourceId: string },
  signal: AbortSignal,
): Promise<boolean> {
  const { runId, pageId } = await markDocument(deps, { tenantId, sourceId });
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until && !signal.aborted) {
    // Who marks the list as changed meanwhile locks source and page in the other order.
    await persistently(() =>
      readDocument(deps, { tenantId, runId, pageId }, signal, {
        parse: async () => {
          throw new FileProblem("unsupported_content", "A list of questions has no file.");
        },
        embed: (version) => persistently(() => embedPage(deps, version, signal)),
      }),
    );
    const status = await call<string | null>(deps.db, "document_status", { tenant_id: tenantId, page_id: pageId });
    if (status === "published") return true;
    if (status !== "queued" && status !== "fetching" && status !== "embedding") return false;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}
