import { describe, expect, test } from "vitest";
import { docxOf, zipOf } from "@/lib/testing/office-files";
import { pdfLines, pdfOf } from "@/lib/testing/pdf-files";
import { announcesDocument, linkedDocument } from "./linked-document";

const pdf = pdfOf([pdfLines(["Returns within 30 days."])]);
const docx = docxOf([{ text: "Returns within 30 days." }]);
const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const found = (body: Buffer | string, type: string | undefined, path = "/file", disposition?: string) =>
  linkedDocument(
    {
      body: Buffer.from(body),
      headers: {
        ...(type === undefined ? {} : { "content-type": type }),
        ...(disposition ? { "content-disposition": disposition } : {}),
      },
    },
    `https://shop.test${path}`,
  );

describe("what a document is", () => {
  test.each<[string, Buffer | string, string | undefined, string]>([
    ["a PDF", pdf, "application/pdf", "/terms.pdf"],
    ["a PDF that the site calls a web page", pdf, "text/html", "/terms"],
    ["a PDF of which nothing is said", pdf, undefined, "/download"],
    ["a Word document", docx, WORD, "/terms.docx"],
    ["a Word document under the name of a PDF", docx, "application/pdf", "/terms.pdf"],
    ["a Word document of unknown type without an ending", docx, "application/octet-stream", "/download"],
    ["an old or encrypted office file", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 1]), "application/msword", "/a.doc"],
  ])("%s, by its content", (_, body, type, path) => {
    expect(found(body, type, path)).toMatchObject({ parseAs: "document" });
  });

  test.each<[string, string | undefined, string]>([
    ["text/csv", "text/csv; charset=utf-8", "/prices"],
    ["plain text under the name of a table", "text/plain", "/prices.csv"],
    ["unknown under the name of a table", "application/octet-stream", "/prices.tsv"],
  ])("a table: %s", (_, type, path) => {
    expect(found("name,price\nStool,49\n", type, path)).toMatchObject({ parseAs: "table.csv" });
  });

  test.each<[string, Buffer | string, string | undefined, string]>([
    ["a web page", "<!doctype html><p>%Hello", "text/html", "/"],
    ["a web page under the name of a PDF", "<!doctype html><p>Hello", "application/pdf", "/terms.pdf"],
    ["a web page instead of a table", "<!doctype html><p>Hello", "text/csv", "/prices.csv"],
    ["plain text", "name, price", "text/plain", "/notes.txt"],
    ["an archive of other files", zipOf({ "a.txt": "Hello" }), "application/zip", "/all.docx"],
    ["an installer in the old office container", Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), "application/x-msi", "/a"],
    ["nothing at all", "", "application/pdf", "/terms.pdf"],
  ])("not %s", (_, body, type, path) => {
    expect(found(body, type, path)).toBeNull();
  });
});

test.each<[boolean, string | undefined, string]>([
  [true, "application/pdf", "/x"],
  [true, "Application/PDF; charset=binary", "/x"],
  [true, "application/octet-stream", "/a.xlsx"],
  [true, undefined, "/a.pdf"],
  [true, "application/zip", "/a.docx"],
  [false, "application/zip", "/a.zip"],
  [false, "application/octet-stream", "/a"],
  [false, "text/html", "/a.pdf"],
  [false, "application/pdfx", "/a"],
  [false, "image/png", "/a.pdf"],
])("headers promise a document, %s: %s at %s", (promised, type, path) => {
  expect(announcesDocument(type, `https://shop.test${path}`)).toBe(promised);
});

describe("its name", () => {
  test.each<[string, string, string | undefined]>([
    ["terms.pdf", "/files/terms.pdf?v=3", undefined],
    ["Preise 2026.pdf", "/Preise%202026.pdf", undefined],
    ["%E0%A4%A.pdf", "/%E0%A4%A.pdf", undefined],
    ["shop.test", "/", undefined],
    ["Terms.pdf", "/download", 'attachment; filename="Terms.pdf"'],
    ["Terms.pdf", "/download", "attachment; filename=Terms.pdf; size=3"],
    ["Größen.pdf", "/download", "attachment; filename=\"x.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fen.pdf"],
    ["passwd", "/download", 'attachment; filename="../../etc/passwd"'],
    ["download", "/download", 'attachment; filename=""'],
  ])("is %s at %s, %s", (name, path, disposition) => {
    expect(found(pdf, "application/pdf", path, disposition)).toMatchObject({ name });
  });

  test("is never longer than the database takes, and has no control characters", () => {
    const { name } = found(pdf, "application/pdf", "/x", `attachment; filename="${"a".repeat(500)}\u0007.pdf"`)!;
    expect(name).toMatch(/^a{196}\.pdf$/);
  });
});
