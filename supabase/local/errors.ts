/** A failure of the local stack that a newcomer can act on: `message` says what is wrong, `fix` what to do about it. */
export class StackError extends Error {
  override readonly name = "StackError";

  constructor(
    readonly code: StackErrorCode,
    message: string,
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type StackErrorCode =
  | "already_running"
  | "data_not_traversable"
  | "database_unreachable"
  | "database_url"
  | "hosted_configured"
  | "keys_broken"
  | "migration_changed"
  | "migration_failed"
  | "migration_order"
  | "no_pgvector"
  | "no_postgres"
  | "not_running"
  | "pgvector_checksum"
  | "pgvector_incompatible"
  | "port_invalid"
  | "port_taken"
  | "postgres_failed"
  | "wrong_major"
  | "wrong_platform";

/** What a terminal shows of any thrown value. */
export function explain(error: unknown): string {
  if (error instanceof StackError) return `${error.message}\n  → ${error.fix}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
