import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { docxOf } from "@/lib/testing/office-files";
import { pdfLines, pdfOf } from "@/lib/testing/pdf-files";
import { type Bounds, parseInSandbox } from "./sandbox";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "alonchat-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const parse = async (bytes: Buffer | string, name: string, bounds: Partial<Bounds> = {}) => {
  const path = join(folder, "upload");
  await writeFile(path, bytes);
  return parseInSandbox({ path, name }, undefined, bounds);
};

test("a file comes back from its process as it was parsed", async () => {
  const { kind, document } = await parse(docxOf([{ heading: "Returns" }, { text: "Within 45 days." }]), "returns.docx");
  expect({ kind, markdown: document.markdown }).toEqual({ kind: "docx", markdown: "# Returns\n\nWithin 45 days." });
});

test("what the parser refuses keeps its words", async () => {
  await expect(parse(pdfOf([pdfLines(["x"])], { locked: true }), "a.pdf")).rejects.toMatchObject({
    code: "encrypted",
  });
});

test("a file that takes too long is stopped", async () => {
  const rows = "a,b,c\n".repeat(300_000);
  await expect(parse(rows, "rows.csv", { timeoutMs: 1 })).rejects.toMatchObject({ code: "too_slow" });
});

test("a file that takes too much memory is stopped", async () => {
  await expect(parse("a,b\n1,2\n", "rows.csv", { memoryBytes: 1_000_000 })).rejects.toMatchObject({
    code: "too_much_memory",
  });
});

test("JSON that fills the memory costs its own process alone", async () => {
  await expect(parse(`[${"[],".repeat(12_000_000)}[]]`, "bomb.json", { timeoutMs: 30_000 })).rejects.toMatchObject({
    code: "too_much_memory",
  });
});

test("a PDF bomb is refused in words", async () => {
  // Whichever of its bounds it reaches first.
  const packed = deflateSync(Buffer.alloc(256 * 1024 * 1024, 0x20));
  const bomb = pdfOf([pdfLines(["A page"])])
    .toString("latin1")
    .replace(
      /<< \/Length \d+ >>\nstream\n[\s\S]*?\nendstream/,
      () => `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed.toString("latin1")}\nendstream`,
    );
  await expect(parse(Buffer.from(bomb, "latin1"), "bomb.pdf", { timeoutMs: 4_000 })).rejects.toMatchObject({
    name: "FileProblem",
  });
});

test("a member who stops the work stops the process", async () => {
  const path = join(folder, "stopped");
  await writeFile(path, "text");
  await expect(parseInSandbox({ path, name: "a.txt" }, AbortSignal.abort(new Error("stopped")))).rejects.toThrow(
    "stopped",
  );
});
