import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { sseFrame } from "@/lib/chat/stream/frames";
import { ask } from "./ask";

test("the demo reads answers as the product writes them, with the ids of their events", async () => {
  const answerId = "0197f000-0000-7000-8000-0000000000a1";
  const server = createServer((_request, response) => {
    response.write(sseFrame({ event: "start", data: { conversationId: "c", messageId: "m", answerId } }, 1));
    response.write(sseFrame({ event: "delta", data: { text: "45 days" } }, 2));
    response.end(sseFrame({ event: "done", data: { status: "complete", answerId } }, 3));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answered = await ask({ appUrl, publicId: "ag_x", origin: "https://shop.test", question: "How long?" });
  expect(answered).toMatchObject({ text: "45 days", status: "complete" });
});
