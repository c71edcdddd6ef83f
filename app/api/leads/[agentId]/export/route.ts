import { z } from "zod";
import { platform } from "@/app/_server/platform";
import { route } from "@/app/_server/route";
import { memberOrThrow } from "@/app/_server/session";
import { AppError } from "@/lib/core/errors";
import { getEngagement } from "@/lib/engagement";
import { exportLeads, leadsFile } from "@/lib/leads";
import { roleAtLeast } from "@/lib/tenancy";

/** All leads of an agent as CSV. */
export const GET = route({ auth: "user" }, async ({ params, request }) => {
  const { db, tenantId, role } = await memberOrThrow(request.nextUrl.searchParams.get("workspace") ?? "");
  if (!roleAtLeast(role, "operator"))
    throw new AppError("forbidden", `This needs the role operator; yours is ${role}.`);
  const agentId = z.uuid().safeParse(params.agentId);
  if (!agentId.success) throw new AppError("not_found", "This agent does not exist in this workspace.");
  const ref = { tenantId, agentId: agentId.data };
  const [leads, { leadForm }] = await Promise.all([exportLeads(platform(), db, ref), getEngagement(db, ref)]);
  return new Response(leadsFile(leads, leadForm?.fields ?? []), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="leads-${new Date().toISOString().slice(0, 10)}.csv"`,
    },
  });
});
