import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import { type LeadDeps, leadContext } from "./deps";

const Left = z.array(z.object({ tenantId: z.uuid(), conversationId: z.uuid(), sealed: z.string() }));

/**
 * After a change of keys: seals leads of the older keys with the first one, some hundreds a sweep. Those that were tampered with stay as
 * they are and are counted.
 */
export async function rekeyLeads({ db, cipher }: LeadDeps): Promise<number> {
  if (!cipher || cipher.olderKeyIds.length === 0) return 0;
  const left = Left.parse(await call(db, "leads_to_rekey", { key_ids: cipher.olderKeyIds }));
  let rekeyed = 0;
  let unreadable = 0;
  for (const { tenantId, conversationId, sealed } of left) {
    const context = leadContext(tenantId, conversationId);
    try {
      const anew = cipher.seal(cipher.open(sealed, context), context);
      const args = {
        tenant_id: tenantId,
        conversation_id: conversationId,
        old: sealed,
        new: anew,
        key_id: cipher.keyId,
      };
      if (await call<boolean>(db, "rekey_lead", args)) rekeyed++;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      unreadable++;
    }
  }
  if (left.length > 0) log.info({ event: "fields.rekeyed", table: "leads", rekeyed, unreadable });
  return rekeyed;
}
