import { CSV_START, csvLine } from "@/lib/core/text/csv-line";
import type { Lead, LeadField } from "./schema";

/**
 * Leads as CSV for spreadsheets: a column a field of the form, then the fields of earlier forms that leads still have.
 */
export function leadsFile(leads: readonly Lead[], fields: readonly LeadField[]): string {
  const labels = new Map(fields.map(({ key, label }) => [key, label]));
  for (const { values } of leads)
    for (const key of Object.keys(values ?? {})) if (!labels.has(key)) labels.set(key, key);
  const keys = [...labels.keys()];
  const rows = [
    ["Left at", ...labels.values(), "Agreed to", "Agreed at", "Conversation"],
    ...leads.map((lead) => [
      lead.createdAt,
      ...keys.map((key) => lead.values?.[key] ?? ""),
      lead.consentText,
      lead.consentedAt,
      lead.conversationId,
    ]),
  ];
  return CSV_START + rows.map(csvLine).join("");
}
