import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "@/lib/core/ids";
import type { Chunk, ChunkKind } from "../schema";
import { chunkMarkdown } from "./chunk-markdown";
import { byteLength, MAX_BYTES, MAX_FENCE_BYTES } from "./size";

const chunk = (markdown: string, kind?: ChunkKind, title = "Guide", url = "https://docs.test/guide"): Chunk[] =>
  chunkMarkdown({ markdown, title, url, ...(kind ? { kind } : {}) });
const sentences = (count: number, about = "pump") =>
  Array.from(
    { length: count },
    (_, i) => `The ${about} number ${i} moves water through pipe ${i + 100} every hour.`,
  ).join(" ");
const wordsOf = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
const bound = (kind: ChunkKind) => (kind === "code" ? MAX_FENCE_BYTES : MAX_BYTES[kind]);

describe("structure", () => {
  test("a chunk never crosses an h1 or h2, however small the sections are", () => {
    const chunks = chunk("# Garden\n\nIntro.\n\n## Water\n\nWet.\n\n## Light\n\nBright.");
    expect(chunks.map((c) => [c.headingPath, c.content])).toEqual([
      [["Garden"], "Intro."],
      [["Garden", "Water"], "Wet."],
      [["Garden", "Light"], "Bright."],
    ]);
  });

  test("small sections under one h2 are joined, with their headings in the text and the shared ones in the path", () => {
    const [only, ...rest] = chunk("## Water\n\nWet.\n\n### Cold\n\nIce.\n\n### Hot\n\nSteam.");
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ headingPath: ["Water"], content: "Wet.\n\n### Cold\n\nIce.\n\n### Hot\n\nSteam." });
  });

  test("sections under one h2 are not joined beyond the target, and each keeps its own path", () => {
    const chunks = chunk(`## Water\n\n### Cold\n\n${sentences(14)}\n\n### Hot\n\n${sentences(14)}`);
    expect(chunks.map((c) => c.headingPath)).toEqual([
      ["Water", "Cold"],
      ["Water", "Hot"],
    ]);
  });

  test("a heading whose parent's text stands in another chunk brings the parent's heading along", () => {
    const chunks = chunk(
      `## Water\n\n### Cold\n\n${sentences(24)}\n\n#### Ice\n\n${sentences(6)}\n\n### Hot\n\nSteam.`,
    );
    expect(chunks.at(-1)!.headingPath).toEqual(["Water"]);
    expect(chunks.at(-1)!.content).toMatch(/^### Cold\n\n#### Ice\n\nThe pump .*\n\n### Hot\n\nSteam\.$/);
  });

  test("a heading with nothing below it is not lost", () => {
    expect(chunk("## Empty\n\n## Full\n\nText.").map((c) => c.content)).toEqual(["## Empty", "Text."]);
  });

  test("the anchor is the nearest one a heading names, and is no part of the heading", () => {
    const chunks = chunk("## Water {#water}\n\nWet.\n\n## Light\n\nBright.");
    expect(chunks.map((c) => [c.headingPath[0], c.anchor])).toEqual([
      ["Water", "water"],
      ["Light", null],
    ]);
  });

  test("underlined headings count, and marks inside a fence do not", () => {
    const chunks = chunk("Title\n=====\n\nText.\n\n```sh\n# not a heading\n```");
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ headingPath: ["Title"], content: "Text.\n\n```sh\n# not a heading\n```" });
  });

  test("a page without text has no chunks", () => {
    expect([chunk(""), chunk(" \n\t\n"), chunk("---\n\n***")]).toEqual([[], [], []]);
  });
});

describe("size", () => {
  test("long prose is cut between sentences into parts of about equal size, and the last sentences are said again", () => {
    const chunks = chunk(sentences(60));
    expect(chunks.length).toBeGreaterThan(2);
    for (const { content } of chunks) {
      expect(content.length).toBeLessThan(1_800);
      expect(content.length).toBeGreaterThan(900);
      expect(content).toMatch(/^The .*\.$/s);
    }
    for (const [i, next] of chunks.slice(1).entries()) {
      const lastSentence = chunks[i]!.content.match(/The pump number \d+[^.]*\.$/)![0];
      expect(next.content.slice(0, 150)).toContain(lastSentence);
    }
  });

  test("a list item is kept whole although the list is cut", () => {
    const items = Array.from({ length: 30 }, (_, i) => `- Item ${i}: ${sentences(2)}`);
    const lines = chunk(items.join("\n")).flatMap((c) => c.content.split("\n"));
    expect(lines).toEqual(items);
  });

  test("a nested list and a fence inside an item stay with it", () => {
    const item = "1. Install\n\n   ```sh\n   npm i\n\n   npm test\n   ```\n\n   - nested one\n   - nested two\n2. Run";
    expect(chunk(item)[0]!.content).toBe(item);
  });

  test("a large table is cut between rows and every part has the head", () => {
    const rows = Array.from({ length: 80 }, (_, i) => `| part ${i} | ${"x".repeat(40)} |`);
    const chunks = chunk(["| Part | Note |", "|---|---|", ...rows].join("\n"));
    expect(chunks.length).toBeGreaterThan(2);
    for (const c of chunks) {
      expect(c.kind).toBe("table");
      expect(c.content.startsWith("| Part | Note |\n|---|---|\n| part ")).toBe(true);
    }
    expect(chunks.flatMap((c) => c.content.split("\n").slice(2))).toEqual(rows);
  });

  test("a fence up to four times the bound stays whole with the line that introduces it", () => {
    const code = `\`\`\`ts\n${"const value = compute(1, 2);\n".repeat(150)}\`\`\``;
    const chunks = chunk(`${sentences(15)}\n\nPut this in main.ts:\n\n${code}`);
    expect(chunks.at(-1)).toMatchObject({ kind: "code", content: `Put this in main.ts:\n\n${code}` });
  });

  test("a larger fence is cut at line ends into fences of the same language", () => {
    const lines = Array.from({ length: 600 }, (_, i) => `const value${i} = compute(${i});`);
    const chunks = chunk(`\`\`\`ts\n${lines.join("\n")}\n\`\`\``);
    expect(chunks.length).toBeGreaterThan(5);
    for (const c of chunks) {
      expect(c.content).toMatch(/^```ts\n[\s\S]+\n```$/);
      expect(byteLength(c.content)).toBeLessThanOrEqual(MAX_BYTES.code);
    }
    expect(chunks.flatMap((c) => c.content.split("\n").slice(1, -1))).toEqual(lines);
  });

  test("a clause of a legal page stays whole where prose of a guide would be cut", () => {
    const clause = sentences(60, "party");
    expect(chunk(clause, undefined, "Terms of Service", "https://x.test/terms")).toMatchObject([
      { kind: "legal", content: clause },
    ]);
    expect(chunk(clause).length).toBeGreaterThan(2);
  });

  test("Chinese passages hold fewer characters than English ones", () => {
    const chunks = chunk("这是一个关于花园灌溉系统的说明。".repeat(300));
    expect(Math.max(...chunks.map((c) => c.content.length))).toBeLessThan(1_000);
  });
});

describe("questions and answers", () => {
  const faq =
    "## Orders\n\n### Where is it?\n\nOn its way.\n\n### Can I cancel?\n\nYes.\n\n### May I change it?\n\nUntil noon.";

  test("each question has its own chunk", () => {
    expect(chunk(faq).map((c) => [c.kind, c.headingPath.at(-1), c.content])).toEqual([
      ["qa", "Where is it?", "On its way."],
      ["qa", "Can I cancel?", "Yes."],
      ["qa", "May I change it?", "Until noon."],
    ]);
  });

  test("questions set in bold count as headings", () => {
    const chunks = chunk("## Orders\n\n**Where is it?**\n\nOn its way.\n\n**Can I cancel?**\n\nYes.");
    expect(chunks.map((c) => c.headingPath)).toEqual([
      ["Orders", "Where is it?"],
      ["Orders", "Can I cancel?"],
    ]);
  });

  test("one heading that asks does not make a page of questions", () => {
    expect(chunk("## Why us?\n\nBecause.\n\n### Price\n\nLow.\n\n### Speed\n\nHigh.")).toMatchObject([
      { kind: "docs" },
    ]);
  });
});

describe("every Markdown", () => {
  const word = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .map((text) => text.replace(/\s/g, "") || "x");
  const plain = fc.stringMatching(/^[a-zé0-9]{1,12}$/);
  const line = fc.array(fc.oneof(word, plain), { minLength: 1, maxLength: 40 }).map((words) => words.join(" "));
  const marked = fc.oneof(
    line,
    fc
      .tuple(
        fc.constantFrom(
          "# ",
          "## ",
          "### ",
          "- ",
          "1. ",
          "> ",
          "    ",
          "* * *",
          "```",
          "~~~~",
          "```js\n",
          "| a | b |\n|---|---|\n| ",
          "\u200b",
          "Q: ",
        ),
        line,
      )
      .map((parts) => parts.join("")),
    fc.constantFrom("", "```", "```", "---", "|", "\t", "\\", "===", "{#x}", "![", "\u0000", "\uFEFF", "\u2028"),
    fc.tuple(plain, fc.integer({ min: 1, max: 9_000 })).map(([text, times]) => text.repeat(times).slice(0, 20_000)),
    fc.tuple(line, fc.integer({ min: 1, max: 60 })).map(([text, times]) => `${text}. `.repeat(times)),
  );
  const markdown = fc
    .tuple(fc.array(marked, { maxLength: 30 }), fc.constantFrom("\n", "\r\n", "\n\n", "\r"))
    .map(([lines, end]) => lines.join(end));
  const kinds = fc.constantFrom<ChunkKind | undefined>(undefined, "docs", "code", "legal", "qa", "table", "text");

  test("positions count from 0, bounds hold, and the hash is that of heading path and content", () => {
    fc.assert(
      fc.property(markdown, kinds, (text, kind) => {
        for (const [i, c] of chunk(text, kind).entries()) {
          expect(c.position).toBe(i);
          expect(c.content.trim()).not.toBe("");
          expect(c.tokenCount).toBeGreaterThan(0);
          expect(byteLength(c.content)).toBeLessThanOrEqual(bound(c.kind));
          expect(c.contentHash).toBe(sha256(`${c.headingPath.join("\n")}\n\n${c.content}`));
        }
      }),
      { numRuns: 150 },
    );
  });

  test("white space that is left over where a word is cut is no passage of its own", () => {
    const contents = (text: string) => chunk(text).map((c) => c.content);
    expect(contents(`${"0".repeat(3_000)}\n${"a".repeat(1_500)}`)).toEqual([
      "0".repeat(1_500),
      "0".repeat(1_500),
      "a".repeat(1_500),
    ]);
    const cut = fc.tuple(fc.integer({ min: 1_490, max: 1_510 }), fc.constantFrom("\n", " ", "\u3000"), fc.nat(9_000));
    fc.assert(
      fc.property(cut, fc.boolean(), ([times, space, spaces], isFirst) => {
        const gap = space.repeat(spaces + 1);
        const text = `${isFirst ? `Before it.\n\n${gap}` : "0".repeat(2 * times)}${gap}${"a".repeat(times)}`;
        for (const { content, kind } of chunk(text)) {
          expect(content).toMatch(/\S/);
          expect(byteLength(content)).toBeLessThanOrEqual(bound(kind));
        }
      }),
    );
  });

  test("no word is lost", () => {
    fc.assert(
      fc.property(markdown, kinds, (text, kind) => {
        const kept = new Set(chunk(text, kind).flatMap((c) => wordsOf([...c.headingPath, c.content].join("\n"))));
        const joined = () =>
          chunk(text, kind)
            .map((c) => [...c.headingPath, c.content].join("\n"))
            .join("\n");
        for (const w of wordsOf(text)) {
          // Words too long for any chunk are cut; everything shorter must be there as it was.
          if (kept.has(w) || w.length > 600) continue;
          expect(joined()).toContain(w);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("a word too long for any chunk is cut and comes back when joined", () => {
    const word = "aé漢😀".repeat(4_000);
    expect(
      chunk(word)
        .map((c) => c.content)
        .join(""),
    ).toBe(word);
  });

  test("the same text gives the same chunks", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(chunk(text)).toEqual(chunk(text));
      }),
      { numRuns: 50 },
    );
  });

  test("line ends do not matter", () => {
    const text = "# A\n\nText one.\n\n- item\n- item two\n\n```\ncode\n```";
    expect(chunk(text.replaceAll("\n", "\r\n"))).toEqual(chunk(text));
  });

  test.each([
    ["fences that are never closed", "```js\ntext\n".repeat(20_000)],
    ["fences of falling length", Array.from({ length: 3_000 }, (_, i) => "`".repeat(3_003 - i)).join(" x\n")],
    ["one line of a megabyte", "word ".repeat(200_000)],
    ["one word of a megabyte", "w".repeat(1_000_000)],
    ["open brackets", "[".repeat(100_000)],
    ["blank space inside a line", `a${" ".repeat(300_000)}b`],
    ["a million bars", "|".repeat(1_000_000)],
    ["nested quotes", `${">".repeat(50_000)} text`],
    ["headings only", "## heading\n".repeat(20_000)],
    ["list items only", "- x\n".repeat(50_000)],
  ])("%s end in bounded chunks", (_name, text) => {
    for (const c of chunk(text)) expect(byteLength(c.content)).toBeLessThanOrEqual(bound(c.kind));
  });
});
