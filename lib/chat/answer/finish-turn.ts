import { AppError } from "@/lib/core/errors";
import { call, type Db } from "@/lib/db/pool";

/** An answer that was shown is stored, also when every connection is busy for a while. Only what was surely not sent is sent again. */
export async function finishTurn(db: Db, args: Record<string, unknown>, triesLeft = 5): Promise<boolean> {
  try {
    return await call<boolean>(db, "finish_turn", args);
  } catch (error) {
    if (triesLeft <= 1 || !(error instanceof AppError) || error.code !== "upstream_busy") throw error;
    return finishTurn(db, args, triesLeft - 1);
  }
}
