import type { ConversationQuery } from "@/lib/inbox/schema";

/** The filters as a query string with its "?"; what is left out is the default. */
export function filterString(query: Partial<ConversationQuery>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== "" && !(name === "page" && value === 1)) params.set(name, String(value));
  return params.size ? `?${params}` : "";
}
