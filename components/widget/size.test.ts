import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWidget, checkSizes, LIMITS, type Manifest, SHORT_NAMES } from "./build";

let outDir: string;
let manifest: Manifest;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "alonchat-widget-"));
  await buildWidget(outDir);
  await writeFile(join(outDir, "v1/widget.0DA12345.js"), "of the last build");
  await writeFile(join(outDir, "v1/widget.0DB12345.js"), "of long ago");
  const longAgo = new Date(Date.now() - 40 * 86_400_000);
  await utimes(join(outDir, "v1/widget.0DB12345.js"), longAgo, longAgo);
  manifest = await buildWidget(outDir);
});
afterAll(() => rm(outDir, { recursive: true }));

test("the loader and the text chat stay within their sizes", () => {
  const { loader, widget, totalGzipBytes } = manifest;
  console.log(`gzip: loader ${loader.gzipBytes} B, widget ${widget.gzipBytes} B, in all ${totalGzipBytes} B`);
  expect(checkSizes(manifest)).toEqual([]);
});

test("names that others know keep their length", async () => {
  const properties = (source: string) => [...source.matchAll(/(\w+)\??:/g)].map(([, name]) => name!);
  for (const file of ["protocol.ts", "realtime.ts", "preview.ts"]) {
    const named = properties(await readFile(join(import.meta.dirname, file), "utf8"));
    expect(named.length, file).toBeGreaterThan(0);
    expect(
      named.filter((name) => SHORT_NAMES.includes(name)),
      file,
    ).toEqual([]);
  }
  const wire = await read(manifest.parts.handover!.file);
  expect(wire).toContain("config:{broadcast:{self:");
});

test("the check sees what is over", () => {
  const loader = { ...manifest.loader, gzipBytes: LIMITS.loader + 1 };
  const parts = { ...manifest.parts, rich: { ...manifest.loader, gzipBytes: LIMITS.part + 1 } };
  expect(checkSizes({ ...manifest, loader, totalGzipBytes: LIMITS.total + 1, parts })).toEqual([
    `loader: ${LIMITS.loader + 1} of ${LIMITS.loader} bytes gzip`,
    `in all: ${LIMITS.total + 1} of ${LIMITS.total} bytes gzip`,
    `rich: ${LIMITS.part + 1} of ${LIMITS.part} bytes gzip`,
  ]);
});

test("the loader names the widget that was built with it; a page with the last one's still finds its widget", async () => {
  const { widget } = manifest;
  expect(widget.file).toMatch(/^v1\/widget\.[A-F0-9]{8}\.js$/);
  expect(await read("v1/loader.js")).toContain(JSON.stringify(`../${widget.file}`));
  expect(await read("beta/loader.js")).toBe(await read("v1/loader.js"));
  const kept = await readdir(join(outDir, "v1"));
  expect(kept).toContain("widget.0DA12345.js");
  expect(kept).not.toContain("widget.0DB12345.js");
  expect(JSON.parse(await read("manifest.json"))).toEqual(manifest);
});

test("a pinned version is complete in its directory, and its parts are vouched for", async () => {
  const directory = manifest.pinned.file.replace("loader.js", "");
  expect(directory).toMatch(/^v1\.[A-F0-9]{8}\/$/);
  const widget = await read(`${directory}widget.js`);
  expect(await read(manifest.pinned.file)).toContain(integrityOf(widget));
  const parts = (await readdir(join(outDir, directory, "parts"))).filter((name) => name.endsWith(".js"));
  expect(parts).toHaveLength(Object.keys(manifest.parts).length);
  for (const name of parts) expect(widget).toContain(integrityOf(await read(`${directory}parts/${name}`)));
  expect(manifest.pinned.integrity).toBe(integrityOf(await read(manifest.pinned.file)));
});

test("every file has a source map of our sources", async () => {
  const { sources } = JSON.parse(await read(`${manifest.widget.file}.map`)) as { sources: string[] };
  expect(sources).toContain("chat.ts");
});

test("nothing in it makes markup or code from text", async () => {
  for (const { file } of [manifest.loader, manifest.widget, ...Object.values(manifest.parts)]) {
    expect(await read(file)).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|srcdoc/,
    );
  }
});

// The last one, since it builds once more.
test("the beta channel changes the beta's loader and not the stable one", async () => {
  await writeFile(join(outDir, "v1/loader.js"), "stable");
  await writeFile(join(outDir, "beta/loader.js"), "older beta");
  await buildWidget(outDir, "beta");
  expect(await read("v1/loader.js")).toBe("stable");
  expect(await read("beta/loader.js")).toContain("v1/widget.");
});

const read = (file: string) => readFile(join(outDir, file), "utf8");
const integrityOf = (text: string) => `sha384-${createHash("sha384").update(text).digest("base64")}`;
