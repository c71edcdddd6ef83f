import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import type { EmbedDeps } from "./deps";

const TELL_EVERY_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;

/** When this process last told the database of a page, by agent, host and answer. */
const told = new Map<string, number>();

/** Notes that a page of `origin` asked for an agent's widget. Sparingly: most requests cost a look into a map. Never throws. */
export async function recordSighting(
  deps: Pick<EmbedDeps, "db" | "appOrigin">,
  publicId: string,
  origin: string | null,
  allowed: boolean,
): Promise<void> {
  const host = origin && origin !== deps.appOrigin ? URL.parse(origin)?.host : undefined;
  if (!host) return;
  const key = `${publicId} ${host} ${allowed}`;
  const now = Date.now();
  if (now - (told.get(key) ?? 0) < TELL_EVERY_MS) return;
  if (told.size >= MAX_REMEMBERED) told.clear();
  told.set(key, now);
  await call(deps.db, "record_sighting", { public_id: publicId, host, allowed }).catch((error: Error) => {
    told.delete(key);
    log.warn({ event: "widget.sighting_not_recorded", reason: error.message });
  });
}
