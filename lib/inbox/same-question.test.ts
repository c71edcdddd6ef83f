import { beforeAll, expect, test } from "vitest";
import { createGateway, type GatewayEnv } from "@/lib/llm";
import { type Compared, mostSame, sameness } from "./same-question";

const PAIRS: [a: string, b: string, same: boolean][] = [
  ["Do you ship to Norway?", "shipping to norway", true],
  ["Do you ship to Norway?", "Is delivery to Norway possible?", true],
  ["Do you ship to Norway?", "Do you ship to Sweden?", false],
  ["Do you ship to Norway?", "How do I return a parcel?", false],
  ["Can I pay with PayPal?", "Do you accept PayPal?", true],
  ["Can I pay with PayPal?", "paypal payment", true],
  ["Can I pay with PayPal?", "Can I pay by invoice?", false],
  ["How long is the warranty?", "How long does delivery take?", false],
  ["Do you have a store in Berlin?", "Is there a shop in Berlin I can visit?", true],
  ["Do you have a store in Berlin?", "Where is your Berlin shop", true],
  ["Is the scale waterproof?", "Can the scale get wet? is it waterproof", true],
  ["Is the scale waterproof?", "Is the scale loud?", false],
  ["Do you offer student discounts?", "student discount?", true],
  ["Do you offer student discounts?", "Is there a discount for students", true],
  ["Do you offer student discounts?", "Black friday discount?", false],
  ["Kann ich mit Klarna bezahlen?", "Kann man mit Klarna bezahlen", true],
  ["Kann ich mit Klarna bezahlen?", "Kann ich mit Rechnung bezahlen?", false],
  ["What is your CEO's name?", "Who is the CEO?", true],
  ["asdf", "qwer", false],
  ["???", "!!!", false],
  ["🙂", "🙂🙂", false],
];

const LOCAL = { language: "en", isLocal: true };
let compared: Map<string, Compared>;

beforeAll(async () => {
  const gateway = createGateway({ env: {} as GatewayEnv, onCall: () => undefined });
  const texts = [...new Set([...PAIRS.map(([a]) => a), ...PAIRS.map(([, b]) => b)])];
  const meta = { tenantId: "t", agentId: "a", step: "embed_gaps" as const };
  const { vectors } = await gateway.embed({ texts, meta });
  compared = new Map(texts.map((text, i) => [text, { text, embedding: [...(vectors[i] ?? [])] }]));
});

test.each(PAIRS)("%s · %s: the same is %s", (a, b, same) => {
  const [x, y] = [compared.get(a)!, compared.get(b)!];
  expect(sameness(x, y, LOCAL) > 0).toBe(same);
  expect(sameness(y, x, LOCAL)).toBeCloseTo(sameness(x, y, LOCAL), 6);
});

test("of several that ask the same it is the one that does so most, and the first of equals", () => {
  const of = (text: string, id: number) => ({ ...compared.get(text)!, id });
  const question = compared.get("shipping to norway")!;
  const others = [
    of("Do you ship to Sweden?", 1),
    of("Is delivery to Norway possible?", 2),
    of("Do you ship to Norway?", 3),
    of("Do you ship to Norway?", 4),
  ];
  expect(mostSame(question, others, LOCAL)?.id).toBe(3);
  expect(mostSame(question, others.slice(0, 1), LOCAL)).toBeNull();
  expect(mostSame(question, [], LOCAL)).toBeNull();
});

test("vectors that know meaning put together what has no word in common, and never vectors of two models", () => {
  const a = { text: "Refund?", embedding: [1, 0.1] };
  const b = { text: "Geld zurück?", embedding: [1, 0.2] };
  expect(sameness(a, b, { language: "en", isLocal: false })).toBeGreaterThan(0);
  expect(sameness(a, { ...b, embedding: [0, 1] }, { language: "en", isLocal: false })).toBe(0);
  expect(sameness(a, { ...b, embedding: [1, 0.1, 0] }, { language: "en", isLocal: false })).toBe(0);
  expect(sameness(a, { ...b, embedding: [] }, { language: "en", isLocal: false })).toBe(0);
});
