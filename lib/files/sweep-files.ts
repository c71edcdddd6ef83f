import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import type { FilesDeps } from "./deps";

/** Removes what nobody confirmed, and the objects whose rows are gone. Returns how many objects. */
export async function sweepFiles(deps: Pick<FilesDeps, "db" | "storage">): Promise<number> {
  if (!deps.storage) return 0;
  const paths = await call<string[]>(deps.db, "sweep_files", {});
  if (paths.length === 0) return 0;
  await deps.storage.remove(paths);
  await call(deps.db, "forget_objects", { paths });
  log.info({ event: "files.objects_removed", count: paths.length });
  return paths.length;
}
