import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { call } from "@/lib/db/pool";
import type { FilesDeps } from "./deps";

const PublicFile = z.object({ path: z.string(), name: z.string(), kind: z.string().nullable() }).nullable();
const LINK_SECONDS = 60;

/**
 * A link of one minute to a file that its members have made public. PDFs open in the browser, at the page that the fragment names; all
 * else is saved, because a page of somebody else's should not run under Storage's address.
 * @throws AppError "not_found" for every other file, "upstream_failed" when Storage cannot be asked
 */
export async function openPublicFile(deps: Pick<FilesDeps, "db" | "storage">, fileId: string): Promise<string> {
  const known = z.uuid().safeParse(fileId);
  const file = known.success ? PublicFile.parse(await call(deps.db, "public_file", { file_id: known.data })) : null;
  if (!file || !deps.storage) throw new AppError("not_found", "This file does not exist or is not public.");
  return deps.storage.link(file.path, { seconds: LINK_SECONDS, ...(file.kind === "pdf" ? {} : { saveAs: file.name }) });
}
