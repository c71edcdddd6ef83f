import { after, type NextRequest } from "next/server";
import { askerAddress } from "@/app/_server/asker";
import { eventStream } from "@/app/_server/event-stream";
import { platform } from "@/app/_server/platform";
import { handleWidgetRequest } from "@/lib/chat";
import { readRequestText } from "@/lib/core/read-limited";

type Context = { params: Promise<{ publicId: string; path: string[] }> };

async function handle(request: NextRequest, { params }: Context): Promise<Response> {
  const { publicId, path } = await params;
  const answer = await handleWidgetRequest(platform().chat, {
    method: request.method,
    publicId,
    path: path.join("/"),
    header: (name) => request.headers.get(name),
    query: (name) => request.nextUrl.searchParams.get(name),
    body: (maxBytes) => readRequestText(request, maxBytes),
    address: askerAddress(request.headers),
  });
  // An answer outlives its reader: the platform must not freeze this process before it has ended.
  if ("stream" in answer && answer.settled) after(answer.settled);
  if ("stream" in answer) return eventStream(answer.stream, answer.headers);
  const body = answer.isBase64 ? Buffer.from(answer.body ?? "", "base64") : answer.body;
  return new Response(body, { status: answer.status, headers: answer.headers });
}

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as POST };
