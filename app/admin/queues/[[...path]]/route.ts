import { platform } from "@/app/_server/platform";
import { errorResponse } from "@/app/_server/route";
import { currentUser, platformAdminOrThrow } from "@/app/_server/session";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { processSlot } from "@/lib/core/process-slot";
import { allJobs } from "@/lib/platform/jobs";
import { queueBoard } from "@/lib/queue/board";

const BASE = "/admin/queues";
type Board = ReturnType<typeof queueBoard>;
const board = processSlot<Promise<Board>>("queue-board");

async function openBoard(): Promise<Board> {
  const { queues } = await platform().queues();
  return queueBoard(
    allJobs.map((job) => queues.queue(job.name)),
    BASE,
  );
}

/** Bull Board, for platform admins only. Others get the answer that a missing page would give: the page's existence is not their business. */
async function handle(request: Request): Promise<Response> {
  try {
    if (!(await currentUser()))
      return Response.redirect(new URL(`/sign-in?next=${encodeURIComponent(BASE)}`, request.url), 303);
    await platformAdminOrThrow();
    if (request.method !== "GET" && request.headers.get("sec-fetch-site") !== "same-origin")
      throw new AppError("forbidden", "Queues are changed from this page only.");
    board.value ??= openBoard();
    board.value.catch(() => {
      board.value = undefined;
    });
    return await (await board.value)(request);
  } catch (error) {
    return errorResponse(error, newId());
  }
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
