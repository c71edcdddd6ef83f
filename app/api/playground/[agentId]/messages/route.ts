import { eventStream } from "@/app/_server/event-stream";
import { platform } from "@/app/_server/platform";
import { route } from "@/app/_server/route";
import { assertSources, locateAgent } from "@/lib/agents";
import { openTurn, streamHeaders } from "@/lib/chat";
import { PostPlayground } from "@/lib/chat/schema";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";

/** A member tries an agent out: the visitor's path with the trace of how the answer came about. */
export const POST = route({ auth: "user", body: PostPlayground }, async ({ db, user, body, params }) => {
  if (!env().ENABLE_PLAYGROUND)
    throw new AppError("forbidden", "The playground is switched off on this server (ENABLE_PLAYGROUND).");
  const agentId = params.agentId ?? "";
  const { publicId, tenantId } = await locateAgent(db, { agentId });
  const filters = body.filters ?? null;
  if (filters?.sourceIds) await assertSources(db, { tenantId, agentId, sourceIds: filters.sourceIds });
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
    { withTrace: true, endsWithReader: true, model: body.model ?? null, filters },
  );
  return eventStream(turn.stream, streamHeaders);
});
