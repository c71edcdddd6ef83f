import { expect, test } from "vitest";
import { AddModel, dollars, type Model, microUsd } from "@/lib/models/schema";
import { differences } from "./describe-model";
import { factsOf, formOf } from "./model-form";

const CHAT = {
  provider: "openai",
  model: "gpt-x",
  kind: "chat",
  position: 10,
  enabled: true,
  contextTokens: 128_000,
  inputMicroUsd: 250_000,
  note: "",
  tier: "SLM_A",
  maxOutputTokens: null,
  cachedInputMicroUsd: 25_000,
  outputMicroUsd: 2_000_000,
  longPrompt: { aboveTokens: 9_000, inputMicroUsd: 500_000, cachedInputMicroUsd: 50_000, outputMicroUsd: 4_000_001 },
  reasoning: "none",
  updatedAt: "2026-11-28T00:00:00Z",
  updatedBy: null,
} satisfies Model;

test.each([
  ["0.25", 250_000],
  [" $0,075 ", 75_000],
  ["0.000001", 1],
  ["10", 10_000_000],
  ["0", 0],
])("%s dollars are %i micro-dollars", (text, micro) => expect(microUsd(text)).toBe(micro));

test.each(["", "free", "-1", "1.2345678", "1e3", "0x10", "1,000.5", "$"])("%s is no price", (text) =>
  expect(microUsd(text)).toBeNaN(),
);

test("prices are shown with at least two decimals, and as many as there are", () => {
  expect([0, 10_000, 25_000, 1_500_000, 1].map(dollars)).toEqual(["$0.00", "$0.01", "$0.025", "$1.50", "$0.000001"]);
});

test.each<Model>([
  CHAT,
  { ...CHAT, longPrompt: null, tier: null, reasoning: null, maxOutputTokens: 4_096 },
  {
    provider: "google",
    model: "v",
    kind: "embedding",
    position: 1,
    enabled: false,
    contextTokens: 2_048,
    inputMicroUsd: 1,
    note: "n",
    dimensions: 768,
    requestDimensions: true,
    maxBatchTexts: 9,
    maxBatchTokens: 99,
    updatedAt: "",
    updatedBy: null,
  },
])("what is shown and saved untouched is what was there: %#", (model) => {
  const { updatedAt: _at, updatedBy: _by, ...facts } = model;
  expect({ provider: model.provider, model: model.model, ...factsOf(formOf(model)) }).toEqual(facts);
});

test("numbers may have separators; what is none is refused at its own field", () => {
  const form = { ...formOf(CHAT), context: "1,050,000", maxOutput: "many", output: "" };
  expect(factsOf(form)).toMatchObject({ contextTokens: 1_050_000 });
  const { error } = AddModel.safeParse({ provider: "openai", model: "gpt-x", ...factsOf(form) });
  expect(error?.issues.map(({ path }) => path.join(".")).sort()).toEqual(["maxOutputTokens", "outputMicroUsd"]);
});

test("cached tokens without a price of their own cost what others do", () => {
  const facts = factsOf({ ...formOf(CHAT), cached: " ", longCached: "" });
  expect(facts).toMatchObject({ cachedInputMicroUsd: 250_000, longPrompt: { cachedInputMicroUsd: 500_000 } });
});

test("a change is told by what differs alone", () => {
  expect(differences(CHAT, { ...CHAT, inputMicroUsd: 200_000, enabled: false, longPrompt: null })).toEqual([
    { label: "Offered", from: "yes", to: "no" },
    { label: "Price in", from: "$0.25", to: "$0.20" },
    {
      label: "Long prompts",
      from: "above 9,000 tokens $0.50 in, $0.05 cached, $4.000001 out",
      to: "same price",
    },
  ]);
  expect(differences(CHAT, CHAT)).toEqual([]);
});
