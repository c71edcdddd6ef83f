import { log } from "@/lib/core/log";
import { call, type Db } from "@/lib/db/pool";

export { allowAttachment, confirmAttachment, openAttachment } from "./attachments";
export type { EngagementDeps } from "./deps";
export { countWaiting, getHandover, getVisitorParts, listQueue, release, reply, takeOver } from "./operator";
export { getEngagement, updateEngagement } from "./settings";
export { keepContext, requestHandover, submitLead, submitSurvey, type Visitor } from "./visitor";

/** Ends conversations that operators forgot, and forgets uploads that never came. */
export async function sweepEngagement({ db }: { db: Db }): Promise<number> {
  const closed = await call<number>(db, "sweep_engagement", {});
  if (closed > 0) log.info({ event: "engagement.conversations_closed", count: closed });
  return closed;
}
