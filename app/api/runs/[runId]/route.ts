import { z } from "zod";
import { route } from "@/app/_server/route";
import { workspacesOf } from "@/app/_server/session";
import { getRun } from "@/lib/agents";
import { AppError } from "@/lib/core/errors";

/** How far a crawl is: what the dashboard asks when its Realtime socket is silent. */
export const GET = route({ auth: "user" }, async ({ db, user, params, request }) => {
  const tenantId = z.uuid().safeParse(request.nextUrl.searchParams.get("tenantId"));
  const runId = z.uuid().safeParse(params.runId);
  const own = tenantId.success && (await workspacesOf(user.id)).some(({ id }) => id === tenantId.data);
  if (!own || !runId.success) throw new AppError("not_found", "This crawl does not exist in this workspace.");
  return getRun(db, { tenantId: tenantId.data, runId: runId.data });
});
