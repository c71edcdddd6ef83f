import { randomBytes, randomUUID } from "node:crypto";
import type { Citation } from "@/lib/chat/schema";

export interface Answered {
  text: string;
  citations: Citation[];
  status: string;
  firstTokenMs: number | null;
}

/**
 * Asks one question through the public widget API, as a visitor's browser on `origin` would.
 * @throws Error with the server's own words when it refuses or fails
 */
export async function ask({
  appUrl,
  publicId,
  origin,
  question,
  onText,
}: {
  appUrl: string;
  publicId: string;
  origin: string;
  question: string;
  onText?: (text: string) => void;
}): Promise<Answered> {
  const startedAt = performance.now();
  const response = await fetch(`${appUrl}/api/widget/v1/agents/${publicId}/messages`, {
    method: "POST",
    headers: { origin, "content-type": "application/json", "x-alonchat-visitor": randomBytes(16).toString("hex") },
    body: JSON.stringify({ conversationId: randomUUID(), messageId: randomUUID(), text: question }),
  });
  if (!response.ok || !response.body)
    throw new Error(`The widget API answered ${response.status}: ${await response.text()}`);
  const answered: Answered = { text: "", citations: [], status: "", firstTokenMs: null };
  let rest = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + piece).split("\n\n");
    rest = frames.pop()!;
    for (const frame of frames) {
      const [, event, data] = /^(?:id: .*\n)?event: (\w+)\ndata: (.*)$/s.exec(frame) ?? [];
      if (!event || !data) continue;
      const value = JSON.parse(data);
      if (event === "delta") {
        answered.firstTokenMs ??= Math.round(performance.now() - startedAt);
        answered.text += value.text;
        onText?.(value.text);
      } else if (event === "citations") answered.citations = value.citations;
      else if (event === "done") answered.status = value.status;
      else if (event === "error") throw new Error(value.message);
    }
  }
  return answered;
}
