import { z } from "zod";
import { route } from "@/app/_server/route";
import { memberOrThrow } from "@/app/_server/session";
import { AppError } from "@/lib/core/errors";
import { getRun, listResults, resultsFile } from "@/lib/evaluation";

/** The answers of a run as CSV: what its page shows to every member. */
export const GET = route({ auth: "user" }, async ({ params, request }) => {
  const { db, tenantId } = await memberOrThrow(request.nextUrl.searchParams.get("workspace") ?? "");
  const runId = z.uuid().safeParse(params.runId);
  if (!runId.success) throw new AppError("not_found", "This run does not exist in this workspace.");
  const ref = { tenantId, runId: runId.data };
  const [run, results] = await Promise.all([getRun(db, ref), listResults(db, ref)]);
  return new Response(resultsFile(results), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="evaluation-${run.createdAt.slice(0, 16).replace(":", "-")}.csv"`,
    },
  });
});
