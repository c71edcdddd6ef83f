import { z } from "zod";
import { platform } from "@/app/_server/platform";
import { route } from "@/app/_server/route";
import { memberOrThrow } from "@/app/_server/session";
import { AppError } from "@/lib/core/errors";
import { openAttachment } from "@/lib/engagement";

/** A file that a visitor sent, saved rather than opened. */
export const GET = route({ auth: "user" }, async ({ params, request }) => {
  const { db, tenantId } = await memberOrThrow(request.nextUrl.searchParams.get("workspace") ?? "");
  const attachmentId = z.uuid().safeParse(params.attachmentId);
  if (!attachmentId.success) throw new AppError("not_found", "This file does not exist, or you may not open it.");
  const location = await openAttachment(platform(), db, { tenantId, attachmentId: attachmentId.data });
  return new Response(null, { status: 302, headers: { location } });
});
