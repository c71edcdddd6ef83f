import { describe, expect, test } from "vitest";
import { docxOf, pptxOf, xlsxOf, zipOf } from "@/lib/testing/office-files";
import { pdfLines, pdfOf } from "@/lib/testing/pdf-files";
import { chunkDocument, withoutMarks } from "../document";
import { parseFile } from "./parse-file";

const markdownOf = async (bytes: Buffer, name: string) =>
  withoutMarks((await parseFile(bytes, name)).document.markdown);
const text = (content: string) => Buffer.from(content);

describe("PDF", () => {
  const manual = pdfOf(
    [
      [
        { text: "Sill manual", y: 780, size: 24 },
        { text: "Cleaning", y: 730, size: 16 },
        ...pdfLines(
          ["Empty the tank once a month. Wipe it with vine-", "gar and rinse it twice before you fill it again."],
          { top: 700 },
        ),
      ],
      [
        { text: "Warranty", y: 780, size: 16 },
        ...pdfLines(["The lamp is covered for three years from the day", "of purchase, the pump for two."], {
          top: 750,
        }),
      ],
    ],
    { title: "Sill manual 2026" },
  );

  test("headings come from sizes, lines become paragraphs, divided words become whole", async () => {
    const { kind, document } = await parseFile(manual, "manual.pdf");
    expect(kind).toBe("pdf");
    expect(document).toMatchObject({ title: "Sill manual 2026", places: "page", count: 2, notes: [] });
    expect(withoutMarks(document.markdown)).toBe(
      "# Sill manual\n\n## Cleaning\n\nEmpty the tank once a month. Wipe it with vinegar and rinse it twice before you fill it again.\n\n## Warranty\n\nThe lamp is covered for three years from the day of purchase, the pump for two.",
    );
  });

  test("every passage knows its page and holds no mark of it", async () => {
    const { document } = await parseFile(manual, "manual.pdf");
    const chunks = chunkDocument(document);
    expect(chunks.map(({ headingPath, anchor }) => [headingPath.at(-1), anchor])).toEqual([
      ["Cleaning", "page=1"],
      ["Warranty", "page=2"],
    ]);
    expect(JSON.stringify(chunks)).not.toMatch(/[\uE000\uE001]/);
  });

  test("a section over two pages is cited by the page it stands on", async () => {
    const long = (word: string) =>
      pdfLines(
        Array.from({ length: 4 }, (_, i) => `The ${word} has a line number ${i} with more than sixty letters in it.`),
      );
    const chunks = chunkDocument((await parseFile(pdfOf([long("lamp"), long("pump")]), "a.pdf")).document);
    expect(chunks.map(({ anchor, content }) => [anchor, content.slice(0, 8)])).toEqual([
      ["page=1", "The lamp"],
      ["page=2", "The pump"],
    ]);
  });

  test("columns are read one after the other", async () => {
    const left = Array.from({ length: 8 }, (_, i) => `Left column line number ${i} is filled`);
    const right = Array.from({ length: 8 }, (_, i) => `Right column line number ${i} is filled`);
    const page = [
      { text: "Two columns under one title", y: 800, size: 20 },
      ...pdfLines(left, { top: 740 }),
      ...pdfLines(right, { top: 740, x: 320 }),
    ];
    const markdown = await markdownOf(pdfOf([page]), "columns.pdf");
    expect(markdown.startsWith("# Two columns under one title")).toBe(true);
    expect(markdown.indexOf("Left column line number 7")).toBeLessThan(markdown.indexOf("Right column line number 0"));
  });

  test("words that line up are a table", async () => {
    const rows = [
      ["Part", "Price", "Stock"],
      ["Lamp", "49.00", "12"],
      ["Pump kit", "19.50", "3"],
    ];
    const page = rows.flatMap((row, r) => row.map((cell, c) => ({ text: cell, x: 60 + c * 150, y: 700 - r * 20 })));
    expect(await markdownOf(pdfOf([page]), "prices.pdf")).toBe(
      "| Part | Price | Stock |\n| --- | --- | --- |\n| Lamp | 49.00 | 12 |\n| Pump kit | 19.50 | 3 |",
    );
  });

  test("running heads and page numbers are left out", async () => {
    const pages = [1, 2, 3, 4].map((n) => [
      { text: "ACME handbook", y: 820, size: 9 },
      { text: `Chapter text ${"abcd"[n - 1]} that is only on this page of the handbook.`, y: 600 },
      { text: `Page ${n} of 4`, y: 20, size: 9 },
    ]);
    const markdown = await markdownOf(pdfOf(pages), "handbook.pdf");
    expect(markdown).not.toMatch(/ACME|of 4/);
    expect(markdown).toContain("Chapter text c");
  });

  test("scanned pages are named; a PDF of nothing else is refused in words", async () => {
    const page = pdfLines(["This page has a text layer with a sentence in it."]);
    const { document } = await parseFile(pdfOf([page, "scanned", "scanned"]), "scan.pdf");
    expect(document.notes[0]).toMatch(/^Pages 2, 3 are without text/);
    await expect(parseFile(pdfOf(["scanned", "scanned"]), "scan.pdf")).rejects.toMatchObject({
      code: "scanned",
      message: expect.stringMatching(/^All 2 pages.*OCR/),
    });
  });

  test("encrypted, cut off and broken files are told apart", async () => {
    await expect(parseFile(pdfOf([pdfLines(["x"])], { locked: true }), "a.pdf")).rejects.toMatchObject({
      code: "encrypted",
    });
    await expect(parseFile(text("%PDF-1.7\nnothing that follows is a PDF"), "a.pdf")).rejects.toMatchObject({
      code: "broken",
    });
    await expect(parseFile(manual.subarray(0, 300), "a.pdf")).rejects.toMatchObject({
      code: expect.stringMatching(/broken|no_text/),
    });
  });
});

describe("Word", () => {
  test("headings, lists and tables become Markdown", async () => {
    const bytes = docxOf([
      { heading: "Returns" },
      { text: "Send it back within 45 days." },
      { heading: "What we need", level: 2 },
      { item: "the order number" },
      { item: "a photo" },
      {
        table: [
          ["Country", "Fee"],
          ["Belgium", "free"],
          ["France", "4 EUR"],
        ],
      },
    ]);
    const markdown = await markdownOf(bytes, "returns.docx");
    expect(markdown).toContain("# Returns\n\nSend it back within 45 days.\n\n## What we need");
    expect(markdown).toContain("- the order number\n- a photo");
    expect(markdown).toContain("| Belgium | free |");
  });

  test("a bomb is refused before it is unpacked", async () => {
    const bomb = docxOf([{ text: "x" }], { "word/document.xml": Buffer.alloc(20 * 1024 * 1024, 0x20) });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    await expect(parseFile(bomb, "bomb.docx")).rejects.toMatchObject({ code: "too_large" });
  });

  test("many parts that are large together are refused too", async () => {
    const noise = Array.from({ length: 500_000 }, (_, i) => (i * 7919) % 99_991).join(" ");
    const part = Buffer.from(`<a>${noise}</a>`);
    const parts = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`word/part${i}.xml`, part]));
    await expect(parseFile(docxOf([{ text: "x" }], parts), "many.docx")).rejects.toMatchObject({ code: "too_large" });
  });

  test("entities of its own are refused", async () => {
    const laughs = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w:document>&b;</w:document>`;
    await expect(parseFile(docxOf([], { "word/document.xml": laughs }), "laughs.docx")).rejects.toMatchObject({
      code: "broken",
      message: expect.stringContaining("definitions"),
    });
  });

  test("a damaged archive and one nested too deeply are refused in words", async () => {
    const good = docxOf([{ text: "Hello there" }]);
    await expect(parseFile(good.subarray(0, good.length - 30), "cut.docx")).rejects.toMatchObject({ code: "broken" });
    const deep = `${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`;
    await expect(parseFile(docxOf([], { "word/document.xml": deep }), "deep.docx")).rejects.toMatchObject({
      code: "broken",
    });
  });
});

test("slides come in their order, with titles, points, tables and notes; hidden ones are named", async () => {
  const bytes = pptxOf([
    { title: "Welcome", lines: ["First point", "Second point"], notes: "Say hello to the dealers." },
    { title: "Secret", lines: ["not shown"], hidden: true },
    {
      title: "Prices",
      table: [
        ["Model", "EUR"],
        ["Sill", "129"],
        ["Tower", "349"],
      ],
    },
  ]);
  const { document } = await parseFile(bytes, "dealers.pptx");
  expect(withoutMarks(document.markdown)).toBe(
    "## Welcome\n\n- First point\n- Second point\n\nNotes: Say hello to the dealers.\n\n## Prices\n\n| Model | EUR |\n| --- | --- |\n| Sill | 129 |\n| Tower | 349 |",
  );
  expect(document.notes).toEqual(["One hidden slide was left out."]);
  expect(chunkDocument(document).map(({ anchor }) => anchor)).toEqual(["slide=1", "slide=3"]);
});

test("sheets are tables with their columns' names; dates are dates, hidden sheets are left out", async () => {
  const bytes = xlsxOf([
    {
      name: "Stock",
      rows: [
        ["Model", "Since", "Price"],
        ["Sill", { day: 45_658 }, 129.9],
        [],
        ["Tower", { day: 45_658.75 }, 0.1 + 0.2],
      ],
    },
    {
      name: "Margins",
      rows: [
        ["a", "b"],
        ["1", "2"],
      ],
      hidden: true,
    },
  ]);
  const { document } = await parseFile(bytes, "stock.xlsx");
  expect(document.markdown).toBe(
    "## Stock\n\n| Model | Since | Price |\n| --- | --- | --- |\n| Sill | 2025-01-01 | 129.9 |\n| Tower | 2025-01-01 18:00 | 0.3 |",
  );
  expect(document.notes).toEqual(["Hidden sheets were left out: Margins."]);
});

describe("text in its forms", () => {
  test.each([
    ["semicolons", "Name;Price\nSill;129\nTower;349"],
    ["tabs", "Name\tPrice\nSill\t129\nTower\t349"],
    ["commas and quotes", 'Name,Price\n"Sill",129\nTower,349\n'],
  ])("a table separated by %s", async (_name, content) => {
    expect(await markdownOf(text(content), "prices.csv")).toBe(
      "| Name | Price |\n| --- | --- |\n| Sill | 129 |\n| Tower | 349 |",
    );
  });

  test("a table in Windows' encoding keeps its umlauts", async () => {
    expect(await markdownOf(Buffer.from("Name;Preis\nT\xfcr;3\n", "latin1"), "preise.csv")).toContain("| Tür | 3 |");
  });

  test("every passage of a long table names its columns and cuts no row", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `Part ${i},Colour ${i},${i}.50`);
    const chunks = chunkDocument(
      (await parseFile(text(`Part,Colour,Price\n${rows.join("\n")}`), "parts.csv")).document,
    );
    expect(chunks.length).toBeGreaterThan(3);
    for (const { content } of chunks)
      expect(content).toMatch(
        /^\| Part \| Colour \| Price \|\n\| --- \| --- \| --- \|\n(\| Part \d+ \| Colour \d+ \| \d+\.50 \|\n?)+$/,
      );
  });

  test("rows of many columns become sections that name each column", async () => {
    const header = Array.from({ length: 20 }, (_, i) => `Field ${i}`).join(",");
    const markdown = await markdownOf(text(`${header}\nSill,${"v,".repeat(18)}last`), "wide.csv");
    expect(markdown).toMatch(/^### Sill\n\n- \*\*Field 0\*\*: Sill\n/);
    expect(markdown).toContain("- **Field 19**: last");
  });

  test.each([
    ["commas", ","],
    ["semicolons", ";"],
  ])("a million columns (%s) are refused in words", async (_name, separator) => {
    await expect(parseFile(text(`a${separator}`.repeat(1_000_000)), "wide.csv")).rejects.toMatchObject({
      code: "too_large",
      message: expect.stringContaining("columns"),
    });
  });

  test("lists of like objects are tables, everything else names its path", async () => {
    const value = {
      shop: { name: "Verdara", hours: { mon: "9-17" } },
      parts: [
        { id: 1, name: "Lamp" },
        { id: 2, name: "Pump" },
      ],
    };
    const markdown = await markdownOf(text(JSON.stringify(value)), "shop.json");
    expect(markdown).toContain("## shop\n\n- **name**: Verdara\n\n### shop › hours\n\n- **mon**: 9-17");
    expect(markdown).toContain("## parts\n\n| id | name |\n| --- | --- |\n| 1 | Lamp |");
    expect(await markdownOf(text('{"q":"a","n":1}\n{"q":"b","n":2}\n'), "rows.jsonl")).toContain("| b | 2 |");
    await expect(parseFile(text('{"a":1}\n{oops}\n'), "rows.jsonl")).rejects.toThrow("Line 2");
    await expect(parseFile(text(`${"[".repeat(200_000)}`), "deep.json")).rejects.toMatchObject({ code: "broken" });
  });

  test("HTML is read like a page, Markdown and text as they are", async () => {
    const page = `<html lang="de"><head><title>Hilfe</title></head><body><nav><a href="/">Start</a></nav><main><h1>Hilfe</h1><p>${"Der Tank wird einmal im Monat geleert. ".repeat(6)}</p></main></body></html>`;
    const { document } = await parseFile(text(page), "hilfe.html");
    expect(document).toMatchObject({ title: "Hilfe", language: "de" });
    expect(document.markdown).toMatch(/^# Hilfe\n\nDer Tank/);
    expect((await parseFile(text("# Title\n\nText."), "a.md")).document).toMatchObject({
      title: "Title",
      markdown: "# Title\n\nText.",
    });
    expect(await markdownOf(Buffer.from("\uFEFFGrüße", "utf16le"), "a.txt")).toBe("Grüße");
  });
});

describe("the content decides, and a name that lies is told so", () => {
  const png = Buffer.from(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6300010000050001",
    "hex",
  );
  const old = (inside: string) =>
    Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600), Buffer.from(inside, "utf16le")]);
  test.each([
    ["a picture as PDF", png, "a.pdf", "wrong_name", /named \.pdf but is a file of the type PNG/],
    ["a picture", png, "a.png", "unsupported_content", /type PNG/],
    ["a PDF as Word", pdfOf([pdfLines(["Hello world"])]), "a.docx", "wrong_name", /named \.docx but is a PDF/],
    ["text as PDF", text("just text"), "a.pdf", "wrong_name", /named \.pdf but is text/],
    ["Word as Excel", docxOf([{ text: "Hello" }]), "a.xlsx", "wrong_name", /but is a Word document/],
    ["a plain archive", zipOf({ "a.txt": "x" }), "a.zip", "unsupported_content", /ZIP archive/],
    ["an encrypted Office file", old("EncryptedPackage"), "a.docx", "encrypted", /password/],
    ["old Word", old("WordDocument"), "a.doc", "unsupported_content", /\.docx/],
    ["nothing", Buffer.alloc(0), "a.txt", "no_text", /empty/],
    ["only blanks", text(" \n \t "), "a.txt", "no_text", /No text/],
    [
      "noise",
      Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 193) % 256)),
      "a.bin",
      "unsupported_content",
      /can be read/,
    ],
  ] as const)("%s", async (_name, bytes, name, code, words) => {
    await expect(parseFile(bytes, name)).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
  });

  test.each(["7", "Hi", "Yes"])("%s is text, however short", async (words) => {
    expect(await parseFile(text(words), "a.txt")).toMatchObject({ kind: "text", document: { markdown: words } });
  });

  test("a PDF without an ending to its name is a PDF", async () => {
    expect((await parseFile(pdfOf([pdfLines(["Hello world, this is text."])]), "download")).kind).toBe("pdf");
  });
});
