import type { Lead, LeadField } from "./schema";

/**
 * Leads as CSV for spreadsheets: a column a field of the form, then the fields of earlier forms that leads still have. Cells that a
 * spreadsheet would take for a formula begin with an apostrophe.
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
  // The mark in front tells Excel that it is UTF-8.
  return `\uFEFF${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^\+?[\d\s().\-/]+$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
