import { AppError } from "@/lib/core/errors";
import { call } from "@/lib/db/pool";
import type { ChatDeps } from "./deps";
import type { PostFeedback } from "./schema";

/**
 * A visitor rates an answer, or takes the rating back. The last word counts.
 * @throws AppError not_found for an answer of somebody else as for one that is not there or has not ended
 */
export async function rateAnswer(
  deps: Pick<ChatDeps, "db">,
  { publicId, visitorHash, answerId }: { publicId: string; visitorHash: string; answerId: string },
  { rating, reason, comment }: PostFeedback,
): Promise<void> {
  const isRated = await call<boolean>(deps.db, "rate_answer", {
    public_id: publicId,
    visitor_hash: visitorHash,
    answer_id: answerId,
    rating,
    reason: reason ?? null,
    comment: comment || null,
  });
  if (!isRated) throw new AppError("not_found", "This answer is not available.");
}
