import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWidget, checkSizes, LIMITS, type Manifest } from "./build";

let outDir: string;
let manifest: Manifest;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "alonchat-widget-"));
  await buildWidget(outDir);
  await writeFile(join(outDir, "v1/widget.OLD12345.js"), "old");
  manifest = await buildWidget(outDir);
});
afterAll(() => rm(outDir, { recursive: true }));

test("the loader and the text chat stay within their sizes", () => {
  const { loader, widget, totalGzipBytes } = manifest;
  console.log(`gzip: loader ${loader.gzipBytes} B, widget ${widget.gzipBytes} B, in all ${totalGzipBytes} B`);
  expect(checkSizes(manifest)).toEqual([]);
});

test("the check sees what is over", () => {
  const loader = { ...manifest.loader, gzipBytes: LIMITS.loader + 1 };
  expect(checkSizes({ ...manifest, loader, totalGzipBytes: LIMITS.total + 1 })).toEqual([
    `loader: ${LIMITS.loader + 1} of ${LIMITS.loader} bytes gzip`,
    `in all: ${LIMITS.total + 1} of ${LIMITS.total} bytes gzip`,
  ]);
});

test("the loader names the widget that was built with it, and no older one is left", async () => {
  const { widget } = manifest;
  expect(widget.file).toMatch(/^v1\/widget\.[A-Z0-9]{8}\.js$/);
  expect(await readFile(join(outDir, "v1/loader.js"), "utf8")).toContain(JSON.stringify(widget.file.slice(3)));
  expect((await readdir(join(outDir, "v1"))).sort()).toEqual(
    ["loader.js", "loader.js.map", widget.file.slice(3), `${widget.file.slice(3)}.map`].sort(),
  );
  expect(JSON.parse(await readFile(join(outDir, "manifest.json"), "utf8"))).toEqual(manifest);
});

test("nothing in it makes markup or code from text", async () => {
  for (const { file } of [manifest.loader, manifest.widget]) {
    const code = await readFile(join(outDir, file), "utf8");
    expect(code).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|srcdoc/,
    );
  }
});
