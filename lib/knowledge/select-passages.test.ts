import { describe, expect, test } from "vitest";
import type { RankedChunk } from "./lexical";
import { selectPassages } from "./select-passages";

const chunk = (pageId: string, position: number, score: number, more: Partial<RankedChunk> = {}): RankedChunk => ({
  chunkId: `${pageId}${position}`,
  pageId,
  sourceId: "s",
  url: `https://site.test/${pageId}`,
  title: pageId,
  headingPath: ["Care"],
  anchor: "care",
  content: `Text ${position} of page ${pageId}.`,
  position,
  tokenCount: 50,
  lexical: score,
  similarity: 0,
  score,
  ...more,
});
const ids = (chunks: RankedChunk[], options = {}) =>
  selectPassages(chunks, options).map(({ chunkIds }) => chunkIds.join("+"));

test("nothing found gives nothing", () => {
  expect(selectPassages([])).toEqual([]);
});

describe("neighbours", () => {
  test("become one passage in reading order, at the rank and with the id of the better one", () => {
    const selected = selectPassages([chunk("a", 2, 1), chunk("b", 0, 0.9), chunk("a", 1, 0.8), chunk("a", 3, 0.7)]);
    expect(selected.map(({ chunkId }) => chunkId)).toEqual(["a2", "b0"]);
    expect(selected[0]!.chunkIds).toEqual(["a1", "a2", "a3"]);
    expect(selected[0]!.content).toBe("Text 1 of page a.\n\nText 2 of page a.\n\nText 3 of page a.");
    expect(selected[0]!.score).toBe(1);
  });

  test("what both say is said once", () => {
    const said = "The pump is cleaned with warm water once a month.";
    const [one] = selectPassages([
      chunk("a", 0, 1, { content: `Unplug it first. ${said}` }),
      chunk("a", 1, 0.9, { content: `${said} Then let it dry.` }),
    ]);
    expect(one!.content).toBe(`Unplug it first. ${said} Then let it dry.`);
  });

  test("of another section, or with a passage between them, stay apart", () => {
    expect(ids([chunk("a", 0, 1), chunk("a", 1, 0.9, { headingPath: ["Parts"], anchor: "parts" })])).toEqual([
      "a0",
      "a1",
    ]);
    expect(ids([chunk("a", 0, 1), chunk("a", 2, 0.9)])).toEqual(["a0", "a2"]);
    expect(ids([chunk("a", 0, 1), chunk("b", 1, 0.9)])).toEqual(["a0", "b1"]);
  });
});

describe("diversity", () => {
  const apart = (page: string, count: number, from: number) =>
    Array.from({ length: count }, (_, i) => chunk(page, 2 * i, from - i / 100));

  test("a page does not take all places while others answer too", () => {
    const pages = ids([...apart("a", 6, 1), ...apart("b", 2, 0.6), ...apart("c", 2, 0.5)]).map((id) => id[0]);
    expect(pages).toEqual(["a", "a", "a", "b", "b", "c"]);
  });

  test("other pages that hardly fit push nothing out", () => {
    expect(ids([...apart("a", 6, 1), ...apart("b", 3, 0.2)]).every((id) => id.startsWith("a"))).toBe(true);
  });

  test("a page that is alone may take all places", () => {
    expect(ids(apart("a", 9, 1))).toHaveLength(6);
  });
});

describe("budget", () => {
  const long = (tokenCount: number) => ({ tokenCount });

  test("the first is taken whatever its length", () => {
    expect(ids([chunk("a", 0, 1, long(9_000))])).toEqual(["a0"]);
  });

  test("one that does not fit is passed over for a shorter one", () => {
    const chunks = [chunk("a", 0, 1, long(600)), chunk("b", 0, 0.9, long(600)), chunk("c", 0, 0.8, long(100))];
    expect(ids(chunks, { maxTokens: 1_000 })).toEqual(["a0", "c0"]);
  });

  test("at most the passages wanted", () => {
    expect(ids([chunk("a", 0, 1), chunk("b", 0, 0.9), chunk("c", 0, 0.8)], { maxPassages: 2 })).toEqual(["a0", "b0"]);
  });
});

test("what is not chosen is told with the reason", () => {
  const told = (chunks: RankedChunk[], options = {}) => {
    const cuts: Record<string, string> = {};
    selectPassages(chunks, { ...options, onCut: ({ chunkId }, why) => (cuts[chunkId] = why) });
    return cuts;
  };
  const places = [chunk("a", 0, 1), chunk("b", 0, 0.9), chunk("c", 0, 0.8)];
  expect(told(places)).toEqual({});
  expect(told(places, { maxPassages: 2 })).toEqual({ c0: "places" });
  expect(told([...places, chunk("d", 0, 0.1)], { maxPassages: 3 })).toEqual({ d0: "weak" });
  expect(told([chunk("a", 0, 1), chunk("b", 0, 0.9, { tokenCount: 999 })], { maxTokens: 500 })).toEqual({
    b0: "length",
  });
  const onePage = [0, 2, 4, 6].map((position) => chunk("a", position, 1 - position / 100));
  expect(told([...onePage, chunk("b", 0, 0.8)], { maxPassages: 4 })).toEqual({ a6: "page" });
});

describe("an answer that somebody wrote for this very question", () => {
  const page = chunk("page", 0, 1);
  const pair = chunk("list", 0, 0.4, { url: "qa:1", headingPath: ["How long is the warranty?"] });
  const other = chunk("list", 1, 0.9, { url: "qa:1", headingPath: ["How long is the delivery?"] });

  test.each(["How long is the warranty?", "how long is the WARRANTY", " How  long is the warranty ?! "])(
    "stands alone, wherever it was ranked: %s",
    (question) => {
      expect(ids([page, other, pair], { question })).toEqual(["list0"]);
    },
  );

  test.each(["How long is the warranty of a scale?", "warranty", "", "?!"])(
    "is one among others for another question: %s",
    (question) => {
      expect(ids([page, other, pair], { question })).toEqual(["page0", "list1", "list0"]);
    },
  );

  test("leaves out all others, and says why", () => {
    const cuts: Record<string, string> = {};
    selectPassages([page, other, pair], {
      question: "How long is the warranty?",
      onCut: ({ chunkId }, why) => {
        cuts[chunkId] = why;
      },
    });
    expect(cuts).toEqual({ page0: "written", list1: "written" });
  });

  test("is not what a page of a website says under such a heading", () => {
    const heading = { ...pair, url: "https://site.test/faq" };
    expect(ids([page, heading], { question: "How long is the warranty?" })).toEqual(["page0", "list0"]);
  });

  test("keeps all of its parts, and each of two lists that answer it", () => {
    const more = { ...pair, chunkId: "list9", position: 9, headingPath: ["How long is the warranty?", "Batteries"] };
    const second = { ...pair, chunkId: "second0", pageId: "second", url: "qa:2" };
    expect(ids([page, pair, more, second], { question: "How long is the warranty?" })).toEqual([
      "list0",
      "list9",
      "second0",
    ]);
  });
});
