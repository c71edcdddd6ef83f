import { expect, test } from "vitest";
import { createGateway } from "../gateway";
import type { CallRecord, ChatEvent } from "../types";

const records: CallRecord[] = [];
const gateway = createGateway({ env: {}, onCall: (record) => void records.push(record) });
const meta = { tenantId: "t1", step: "answer" as const };
const sources = [
  { number: 1, title: "Returns", url: "https://shop.test/returns", text: "A return label costs €5.90." },
];

test("without any key the same gateway answers from the sources, free and metered", async () => {
  const { model, stream } = gateway.chat({ messages: [], sources, question: "How much does a return cost?", meta });
  const events: ChatEvent[] = [];
  for await (const event of stream) events.push(event);
  expect(model).toEqual({ provider: "local", id: "extractive" });
  const text = events.map((event) => (event.type === "text" ? event.text : "")).join("");
  expect(text).toContain("A return label costs €5.90. [1]");
  expect(events.at(-1)).toMatchObject({ type: "finish", finishReason: "stop", costMicroUsd: 0 });
  expect(records.splice(0)).toMatchObject([
    { provider: "local", outcome: "ok", costMicroUsd: 0, estimated: false, attempts: 1 },
  ]);
});

test("local vectors have 384 numbers, are the same each time, and lie nearer for like texts", async () => {
  const texts = ["How do I return a parcel?", "Returning parcels", "Quantum chromodynamics lecture"];
  const { vectors, dimensions } = await gateway.embed({ texts, meta: { tenantId: "t1", step: "embed_chunks" } });
  expect(dimensions).toBe(384);
  const again = await gateway.embed({ texts, meta: { tenantId: "t1", step: "embed_chunks" } });
  expect(again.vectors).toEqual(vectors);
  const similarity = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  expect(similarity(vectors[0]!, vectors[1]!)).toBeGreaterThan(similarity(vectors[0]!, vectors[2]!));
  expect(records.splice(0)).toMatchObject([{ costMicroUsd: 0, outcome: "ok" }, { outcome: "ok" }]);
});

test("a thousand texts are embedded without a limit being met", async () => {
  const texts = Array.from({ length: 1_000 }, (_, i) => `passage ${i}`);
  const { vectors } = await gateway.embed({ texts, meta: { tenantId: "t1", step: "embed_chunks" } });
  expect(vectors).toHaveLength(1_000);
});
