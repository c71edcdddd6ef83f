import { describe, expect, test } from "vitest";
import type { Rehearsal } from "@/lib/chat";
import type { Check, TraceCandidate } from "@/lib/chat/schema";
import type { TestQuestion } from "./schema";
import { score } from "./score";

const passage = (path: string, content: string, used = true): TraceCandidate => ({
  chunkId: path,
  title: `Title ${path}`,
  url: `https://shop.test${path}`,
  headingPath: ["Warranty"],
  content,
  lexical: 1,
  similarity: 1,
  lexicalRank: 1,
  similarityRank: 1,
  score: 1,
  used,
  cut: null,
});
const PASSAGES = [
  passage("/warranty", "Every scale comes with a warranty of **two years** and 30 days of grace."),
  passage("/returns", "Send it back within 45 days.", false),
];

function answer(text: string, more: Partial<Rehearsal> = {}, candidates = PASSAGES) {
  return {
    status: "complete" as const,
    text,
    citations: [
      {
        number: 1,
        url: "https://shop.test/warranty#:~:text=x",
        title: "Title /warranty",
        heading: "",
        quote: "Every scale comes with a warranty of two years",
      },
    ],
    trace: { candidates, checks: [] as Check[] } as Rehearsal["trace"],
    ...more,
  };
}
const expecting = (more: Partial<TestQuestion> = {}): TestQuestion => ({
  question: "How long?",
  expectedFacts: [],
  expectedSources: [],
  mustRefuse: false,
  ...more,
});
const failed = (scored: ReturnType<typeof score>) => scored.checks.filter(({ ok }) => !ok).map(({ name }) => name);

describe("an answer", () => {
  test("passes with every fact, whatever the markup, case, spaces and citations in between", () => {
    const scored = score(
      expecting({ expectedFacts: ["Two  Years", "warranty of two"], expectedSources: ["https://shop.test/warranty/"] }),
      answer("A warranty of **two\u00a0years** [1]."),
    );
    expect(scored).toMatchObject({ passed: true, grounded: true, recall: 1, reciprocalRank: 1 });
  });

  test("that lacks a fact fails and says which", () => {
    const scored = score(expecting({ expectedFacts: ["two years", "free repair"] }), answer("Two years [1]."));
    expect(failed(scored)).toEqual(["facts"]);
    expect(scored.checks.find(({ name }) => name === "facts")?.detail).toBe("The answer does not say “free repair”.");
  });

  test("that cites another page than expected fails, though the page was found", () => {
    const scored = score(expecting({ expectedSources: ["https://shop.test/returns"] }), answer("Two years [1]."));
    expect(failed(scored)).toEqual(["sources"]);
    expect(scored).toMatchObject({ recall: 1, reciprocalRank: 0.5 });
  });

  test("in which something is marked as held by no source is not grounded", () => {
    const marked = answer("Two years and 99 days [1].");
    marked.trace = { ...marked.trace!, checks: [{ start: 10, end: 17, kind: "figure", items: ["99 days"] }] };
    const scored = score(expecting(), marked);
    expect(failed(scored)).toEqual(["support"]);
    expect(scored.grounded).toBe(false);
    expect(scored.checks.find(({ name }) => name === "support")?.detail).toBe("No source holds “99 days”.");
  });

  test.each([
    ["without any citation", answer("Two years.", { citations: [] })],
    ["with a number that no citation has", answer("Two years [1] [4].")],
    [
      "whose quote is not in the source",
      answer("Two years [1].", {
        citations: [{ ...answer("").citations[0]!, quote: "Lifelong guarantee against all faults and theft" }],
      }),
    ],
    [
      "whose source the model was never given",
      answer("Two years [1].", { citations: [{ ...answer("").citations[0]!, title: "Elsewhere" }] }),
    ],
  ])("%s is not grounded", (_what, given) => {
    expect(score(expecting(), given)).toMatchObject({ passed: false, grounded: false });
  });

  test("that was refused or failed does not pass", () => {
    expect(failed(score(expecting(), answer("I do not know.", { status: "no_answer", citations: [] })))).toEqual([
      "answered",
    ]);
    expect(failed(score(expecting(), answer("", { status: "failed", trace: null })))).toEqual(["answered"]);
  });
});

describe("a question that must be refused", () => {
  test("passes when it is, and not when it is answered", () => {
    expect(score(expecting({ mustRefuse: true }), answer("No.", { status: "no_answer" })).passed).toBe(true);
    expect(failed(score(expecting({ mustRefuse: true }), answer("Two years [1].")))).toEqual(["refused"]);
  });
});

describe("ranking", () => {
  const many = Array.from({ length: 12 }, (_, i) => passage(`/p${i}`, "x"));

  test("counts the share of expected sources among the first ten", () => {
    const expectedSources = ["https://shop.test/p3", "https://shop.test/p11"];
    expect(score(expecting({ expectedSources }), answer("x [1].", {}, many))).toMatchObject({
      recall: 0.5,
      reciprocalRank: 0.25,
    });
  });

  test("takes what is no address as a title, and knows nothing where nothing is expected", () => {
    expect(score(expecting({ expectedSources: ["title /P0"] }), answer("x", {}, many)).reciprocalRank).toBe(1);
    expect(score(expecting(), answer("x", {}, many))).toMatchObject({ recall: null, reciprocalRank: null });
  });
});
