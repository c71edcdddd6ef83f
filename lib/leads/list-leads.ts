import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { FieldCipher } from "@/lib/core/field-cipher";
import { log } from "@/lib/core/log";
import { type DatabaseError, memberError } from "@/lib/db/member-error";
import { type LeadDeps, leadContext, type Members, needCipher } from "./deps";
import { LEADS_PER_PAGE, LEADS_SEARCHED, type Lead } from "./schema";

const COLUMNS = "tenant_id, conversation_id, sealed_values, consent_text, consented_at, created_at";
const AT_ONCE = 1_000;
type Where = { tenantId: string; agentId: string };

/**
 * Leads of an agent, newest first, opened. Row-level security shows none to members below operator.
 * @param q searched for in every value; the database cannot, so that the newest 5,000 are opened here
 * @returns total: of what was found; null when there are more than were searched
 */
export async function listLeads(
  deps: Pick<LeadDeps, "cipher">,
  members: Members,
  { tenantId, agentId, q, page }: Where & { q: string; page: number },
): Promise<{ leads: Lead[]; total: number; searchedAll: boolean }> {
  const cipher = needCipher(deps.cipher);
  const from = (page - 1) * LEADS_PER_PAGE;
  if (!q) {
    const { data, error, count } = await members
      .from("leads")
      .select(COLUMNS, { count: "exact" })
      .eq("tenant_id", tenantId)
      .eq("agent_id", agentId)
      .order("created_at", { ascending: false })
      .order("conversation_id")
      .range(from, from + LEADS_PER_PAGE - 1);
    // Beyond the last page.
    if (error?.code === "PGRST103") return { leads: [], total: count ?? 0, searchedAll: true };
    if (error) throw readError(error);
    return { leads: data.map((row) => opened(cipher, row)), total: count ?? 0, searchedAll: true };
  }
  const { leads, isAll } = await allLeads(cipher, members, { tenantId, agentId }, LEADS_SEARCHED);
  const wanted = fold(q);
  const found = leads.filter(({ values }) => Object.values(values ?? {}).some((value) => fold(value).includes(wanted)));
  return { leads: found.slice(from, from + LEADS_PER_PAGE), total: found.length, searchedAll: isAll };
}

/** All leads of an agent, newest first, for a file; at most 50,000. */
export async function exportLeads(deps: Pick<LeadDeps, "cipher">, members: Members, where: Where): Promise<Lead[]> {
  return (await allLeads(needCipher(deps.cipher), members, where, 50_000)).leads;
}

async function allLeads(
  cipher: FieldCipher,
  members: Members,
  { tenantId, agentId }: Where,
  most: number,
): Promise<{ leads: Lead[]; isAll: boolean }> {
  const leads: Lead[] = [];
  while (leads.length < most) {
    const { data, error } = await members
      .from("leads")
      .select(COLUMNS)
      .eq("tenant_id", tenantId)
      .eq("agent_id", agentId)
      .order("created_at", { ascending: false })
      .order("conversation_id")
      .range(leads.length, leads.length + AT_ONCE - 1);
    if (error) throw readError(error);
    leads.push(...data.map((row) => opened(cipher, row)));
    if (data.length < AT_ONCE) return { leads, isAll: true };
  }
  return { leads, isAll: false };
}

/** @throws AppError "not_found" when it is gone, or the member may not */
export async function deleteLead(
  members: Members,
  { tenantId, conversationId }: { tenantId: string; conversationId: string },
): Promise<void> {
  const { data, error } = await members
    .from("leads")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("conversation_id", conversationId)
    .select("conversation_id");
  if (error) throw readError(error);
  if (data.length === 0)
    throw new AppError("not_found", "This lead no longer exists, or your role does not allow deleting it.");
}

type Row = {
  tenant_id: string;
  conversation_id: string;
  sealed_values: string;
  consent_text: string;
  consented_at: string;
  created_at: string;
};

const Values = z.record(z.string(), z.string());

/** One that cannot be opened is shown as such: the others are not lost with it. */
function opened(cipher: FieldCipher, row: Row): Lead {
  let values: Lead["values"] = null;
  try {
    values = Values.parse(JSON.parse(cipher.open(row.sealed_values, leadContext(row.tenant_id, row.conversation_id))));
  } catch (error) {
    log.error({
      event: "leads.cannot_be_opened",
      tenantId: row.tenant_id,
      conversationId: row.conversation_id,
      code: error instanceof AppError ? error.code : "internal",
    });
  }
  return {
    conversationId: row.conversation_id,
    createdAt: row.created_at,
    consentText: row.consent_text,
    consentedAt: row.consented_at,
    values,
  };
}

const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const readError = (cause: DatabaseError): AppError =>
  memberError(cause, {
    forbidden: "Your role in this workspace does not allow that.",
    otherwise: "The leads could not be loaded. Try again in a minute.",
  });
