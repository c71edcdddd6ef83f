/** The role that the product's own Postgres connections use; migrations create it without a password. */
export const SERVICE_ROLE = "alonchat_service";
export const DATABASE = "postgres";

/**
 * BullMQ keeps its tables in its own schema and brings them up to date by itself, as the role that works with them. It asks
 * for the right to create schemas even when its schema is there.
 */
export const provideQueues = (database: string): string =>
  `create schema if not exists bullmq authorization ${SERVICE_ROLE}; grant create on database "${database}" to ${SERVICE_ROLE};`;
