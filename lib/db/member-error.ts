import { AppError } from "@/lib/core/errors";

/** As supabase-js tells of it; without a code where the database was not reached. */
export interface DatabaseError {
  code?: string;
  message: string;
}

/** Why a member's statement may be refused, by the codes of Postgres and our own. */
const REFUSALS: Record<string, "forbidden" | "not_found" | "conflict" | "bad_request"> = {
  "42501": "forbidden", // row-level security, or no grant
  "23503": "not_found", // what it hangs on is gone
  "23505": "conflict", // it is there already
  ALH01: "conflict", // not in this state
  "23514": "bad_request", // a constraint
};
/** Data, constraints, syntax, raised by hand: the database works, and we asked it wrongly. */
const OUR_FAULT = /^(22|23|42|P0)/;

/**
 * What it means to a member that the database refused a statement of theirs.
 * @param words what to say of each refusal that can come; `otherwise` of all the rest
 */
export function memberError(
  cause: DatabaseError,
  { otherwise, ...words }: Partial<Record<(typeof REFUSALS)[string], string>> & { otherwise: string },
): AppError {
  const code = REFUSALS[cause.code ?? ""];
  const message = code && words[code];
  if (message) return new AppError(code, message, { cause });
  return new AppError(OUR_FAULT.test(cause.code ?? "") ? "internal" : "upstream_failed", otherwise, { cause });
}
