import pg from "pg";

/** A connection as the database's owner: for what no product code may do. */
export const connectOwner = (ownerUrl: string): pg.Pool => new pg.Pool({ connectionString: ownerUrl, max: 1 });

/** Lets an account see the queues page. */
export async function makePlatformAdmin(owner: pg.Pool, userId: string): Promise<void> {
  await owner.query("insert into private.platform_admins (user_id) values ($1) on conflict do nothing", [userId]);
}
