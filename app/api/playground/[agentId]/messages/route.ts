import { z } from "zod";
import { eventStream } from "@/app/_server/event-stream";
import { platform } from "@/app/_server/platform";
import { route } from "@/app/_server/route";
import { openTurn, streamHeaders } from "@/lib/chat";
import { PostPlayground } from "@/lib/chat/schema";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";

/** A member tries an agent out: the visitor's path with the trace of how the answer came about. Row-level security finds the agent or not. */
export const POST = route({ auth: "user", body: PostPlayground }, async ({ db, user, body, params }) => {
  if (!env().ENABLE_PLAYGROUND)
    throw new AppError("forbidden", "The playground is switched off on this server (ENABLE_PLAYGROUND).");
  const agentId = z.uuid().safeParse((params as { agentId: string }).agentId);
  const { data } = agentId.success
    ? await db.from("agents").select("public_id, tenant_id").eq("id", agentId.data).maybeSingle()
    : { data: null };
  if (!data) throw new AppError("not_found", "This agent does not exist, or you are not a member of its workspace.");
  const turn = await openTurn(
    platform().chat,
    {
      publicId: data.public_id,
      channel: "playground",
      tenantId: data.tenant_id,
      origin: null,
      visitorHash: sha256(`member:${user.id}`),
      addressHash: null,
      versionId: body.versionId ?? null,
    },
    body,
    { withTrace: true, endsWithReader: true, model: body.model ?? null },
  );
  return eventStream(turn.stream, streamHeaders);
});
