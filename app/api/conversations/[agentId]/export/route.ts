import { z } from "zod";
import { route } from "@/app/_server/route";
import { memberOrThrow } from "@/app/_server/session";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { exportConversations } from "@/lib/inbox";
import { ConversationQuery, ExportFormat } from "@/lib/inbox/schema";
import { roleAtLeast } from "@/lib/tenancy";

/** The conversations that a list's filters let through, as a file that is sent while it is read. */
export const GET = route({ auth: "user" }, async ({ params, request }) => {
  const search = request.nextUrl.searchParams;
  const { db, tenantId, role } = await memberOrThrow(search.get("workspace") ?? "");
  if (!roleAtLeast(role, "operator"))
    throw new AppError("forbidden", `This needs the role operator; yours is ${role}.`);
  const agentId = z.uuid().safeParse(params.agentId);
  if (!agentId.success) throw new AppError("not_found", "This agent does not exist in this workspace.");
  const format = ExportFormat.catch("csv").parse(search.get("format"));
  const query = ConversationQuery.parse({ ...Object.fromEntries(search), page: 1 });
  const pieces = exportConversations(db, { tenantId, agentId: agentId.data }, query, format);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        log.error({
          event: "inbox.export_failed",
          tenantId,
          reason: error instanceof Error ? error.message : "unknown",
        });
        // The file breaks off, so that nobody takes a part for the whole.
        controller.error(error);
      }
    },
  });
  return new Response(body, {
    headers: {
      "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8",
      "content-disposition": `attachment; filename="conversations-${new Date().toISOString().slice(0, 10)}.${format}"`,
    },
  });
});
