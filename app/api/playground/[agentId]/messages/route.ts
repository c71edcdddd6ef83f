import { eventStream } from "@/app/_server/event-stream";
import { platform } from "@/app/_server/platform";
import { route } from "@/app/_server/route";
import { locateAgent } from "@/lib/agents";
import { openTurn, streamHeaders } from "@/lib/chat";
import { PostPlayground } from "@/lib/chat/schema";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";

/** A member tries an agent out: the visitor's path with the trace of how the answer came about. */
export const POST = route({ auth: "user", body: PostPlayground }, async ({ db, user, body, params }) => {
  if (!env().ENABLE_PLAYGROUND)
    throw new AppError("forbidden", "The playground is switched off on this server (ENABLE_PLAYGROUND).");
  const { publicId, tenantId } = await locateAgent(db, { agentId: params.agentId ?? "" });
  const turn = await openTurn(
    platform().chat,
    {
      publicId,
      channel: "playground",
      tenantId,
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
