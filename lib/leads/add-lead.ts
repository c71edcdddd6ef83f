import { AppError } from "@/lib/core/errors";
import { call } from "@/lib/db/pool";
import { type LeadDeps, leadContext, needCipher } from "./deps";
import { type LeadForm, leadProblem, type PostLead } from "./schema";

/**
 * Keeps what a visitor filled in, sealed. Only the fields of the form as it is now are kept, each checked by its type.
 * @throws AppError "bad_request" that names the field, "conflict" without encryption keys
 */
export async function addLead(
  deps: LeadDeps,
  { tenantId, form }: { tenantId: string; form: LeadForm },
  { conversationId, values }: PostLead,
): Promise<void> {
  const cipher = needCipher(deps.cipher);
  const kept = checkValues(form, values);
  await call(deps.db, "add_lead", {
    tenant_id: tenantId,
    conversation_id: conversationId,
    sealed_values: cipher.seal(JSON.stringify(kept), leadContext(tenantId, conversationId)),
    key_id: cipher.keyId,
    consent_text: form.consentText,
  });
}

function checkValues(form: LeadForm, values: Record<string, string>): Record<string, string> {
  const known = new Set(form.fields.map(({ key }) => key));
  const stray = Object.keys(values).find((key) => !known.has(key));
  if (stray !== undefined)
    throw new AppError("bad_request", "The form has changed. Reload the page and fill it in again.");
  const kept: Record<string, string> = {};
  for (const field of form.fields) {
    const value = (Object.hasOwn(values, field.key) ? values[field.key]! : "").normalize().trim();
    const problem = leadProblem(field, value);
    if (problem) throw new AppError("bad_request", `${field.label}: ${WORDS[problem]}`);
    if (value) kept[field.key] = value;
  }
  if (Object.keys(kept).length === 0) throw new AppError("bad_request", "Fill in one of the fields at least.");
  return kept;
}

const WORDS = {
  missing: "please fill this in.",
  email: "this is not an e-mail address.",
  phone: "this is not a telephone number.",
} as const;
