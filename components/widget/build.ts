/**
 * Builds the embed into `public/widget/`, see "The files it is served from" in README.md.
 * `tsx components/widget/build.ts [--watch | --beta]`; `--beta` leaves the stable loader as it is.
 */
import { createHash } from "node:crypto";
import { watch } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { minify } from "@swc/core";
import { build, type Plugin, transform } from "esbuild";

const SOURCE = import.meta.dirname;
const DEFAULT_OUT_DIR = join(SOURCE, "../../public/widget");

/**
 * In bytes after gzip. `total` is all that a text chat loads: questions, streamed answers with their sources, the buttons
 * under them, a reload; `part` is each module that is loaded on demand.
 */
export const LIMITS = { loader: 1024, total: 10 * 1024, part: 4 * 1024 };

/** Pages that were opened before a new build go on with the files of the old one for so long. */
const KEEP_MS = 30 * 86_400_000;

interface BuiltFile {
  /** Relative to the out directory. */
  file: string;
  bytes: number;
  gzipBytes: number;
  /** For a snippet that pins this very version. */
  integrity: string;
}

export interface Manifest {
  version: "v1";
  loader: BuiltFile;
  widget: BuiltFile;
  totalGzipBytes: number;
  /** What is loaded on demand: parts by their name, languages as `lang-<code>`. */
  parts: Record<string, BuiltFile>;
  /** The loader of this very build, which never changes and lets nothing else run. */
  pinned: BuiltFile;
}

/** A style sheet imported with `?inline` becomes its minified text. */
export const inlineCss: Plugin = {
  name: "inline-css",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace("?inline", "")),
      namespace: "inline-css",
    }));
    onLoad({ filter: /./, namespace: "inline-css" }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      // What esbuild leaves as it is: in values of custom properties.
      const contents = code
        .trim()
        .replace(/(--[\w-]+): /g, "$1:")
        .replace(/, | ?(\*) /g, (_space, times) => times ?? ",");
      return { contents, loader: "text" };
    });
  },
};

/** Colours made of the agent's (`oklch(from …)`) and of light and dark, which the widget cannot do without, came with these. */
const TARGET = ["chrome123", "firefox128", "safari17.5"];

const PREVIEW_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Preview</title><body><script src="preview.js"></script>`;

/** Names of the widget's own that no protocol and no browser knows: one or two letters do for them, the same in every module. */
export const SHORT_NAMES = [
  ..."anew announce answered api begun bubble busy changed chat citation composer configure copied element emit".split(
    " ",
  ),
  ..."field fullScreen kids leave options panel restore retry retryAt running sources store strings subtitle".split(
    " ",
  ),
  ..."toEnd wake words".split(" "),
];
const letter = (i: number): string => String.fromCharCode(65 + i);
const mangleCache = Object.fromEntries(SHORT_NAMES.map((name, i) => [name, i < 26 ? letter(i) : `_${letter(i - 26)}`]));

interface Compiled {
  code: string;
  map: string;
}

/** One entry with all that it imports. A second minifier takes off another 2 to 3 %; `unsafe` is about texts made of objects, which we do not make. */
async function compile(entry: string, define: Record<string, unknown> = {}, module = true): Promise<Compiled> {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCE, entry)],
    bundle: true,
    minify: true,
    write: false,
    outfile: join(SOURCE, "out.js"),
    sourcemap: "external",
    charset: "utf8",
    tsconfigRaw: "{}",
    mangleProps: new RegExp(`^(${SHORT_NAMES.join("|")})$`),
    mangleCache: { ...mangleCache },
    target: TARGET,
    format: module ? "esm" : "iife",
    plugins: [inlineCss],
    logLevel: "warning",
    define: Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)])),
  });
  const [map, code] = outputFiles as unknown as [{ text: string }, { text: string }];
  const minified = await minify(code.text, {
    module,
    ecma: 2020,
    compress: {
      ...{ passes: 3, ecma: 2020, inline: 0, reduce_funcs: false },
      ...{ unsafe: true, unsafe_arrows: true, pure_getters: true, sequences: false as never },
    },
    mangle: true,
    sourceMap: { content: map.text, filename: "out.js" } as never,
  });
  return { code: minified.code, map: minified.map! };
}

const hashOf = (...texts: string[]): string =>
  createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 8).toUpperCase();

const integrityOf = (content: string): string => `sha384-${createHash("sha384").update(content).digest("base64")}`;

/** @param outDir is made when it does not exist @param channel `beta` leaves the stable loader as it is; `stable` is for both */
export async function buildWidget(
  outDir: string = DEFAULT_OUT_DIR,
  channel: "stable" | "beta" = "stable",
): Promise<Manifest> {
  const put = async (file: string, { code, map }: Compiled): Promise<BuiltFile> => {
    // The map is named by a header (next.config.ts): the comment would cost every visitor 30 bytes.
    await mkdir(dirname(join(outDir, file)), { recursive: true });
    await writeFile(join(outDir, `${file}.map`), map);
    await writeFile(join(outDir, file), code);
    const gzipBytes = gzipSync(code, { level: 9 }).length;
    return { file, bytes: Buffer.byteLength(code), gzipBytes, integrity: integrityOf(code) };
  };

  const [partNames, languages] = await Promise.all([namesIn("parts"), namesIn("languages")]);
  const compiled = await Promise.all([
    ...partNames.map(async (name) => [name, await compile(`parts/${name}.ts`)] as const),
    ...languages.map(async (code) => [`lang-${code}`, await compile(`languages/${code}.ts`)] as const),
  ]);
  const hash = hashOf(...compiled.map(([name, { code }]) => name + code));
  const parts: Manifest["parts"] = {};
  for (const [name, module] of compiled) parts[name] = await put(`v1/parts/${name}.${hash}.js`, module);
  const known = { PARTS_HASH: hash };

  const widgetModule = await compile("widget.ts", { ...known, INTEGRITY: null });
  const widget = await put(`v1/widget.${hashOf(widgetModule.code)}.js`, widgetModule);
  const loaderFor = (widgetFile: string, integrity = "") =>
    compile("loader.ts", { WIDGET_FILE: widgetFile, WIDGET_INTEGRITY: integrity }, false);
  // From `v1/` and from `beta/` the same way.
  const loaderCode = await loaderFor(`../${widget.file}`);
  let loader = await put("beta/loader.js", loaderCode);
  if (channel === "stable") loader = await put("v1/loader.js", loaderCode);

  // The pinned version is complete in itself: its loader vouches for its widget, and that for its parts.
  const release = `v1.${hashOf(loaderCode.code, widgetModule.code, hash)}`;
  const integrity: Record<string, string> = {};
  for (const [name, module] of compiled) {
    integrity[name] = (await put(`${release}/parts/${name}.${hash}.js`, module)).integrity;
  }
  const pinnedWidget = await put(
    `${release}/widget.js`,
    await compile("widget.ts", { ...known, INTEGRITY: integrity }),
  );
  const pinned = await put(`${release}/loader.js`, await loaderFor("widget.js", pinnedWidget.integrity));

  await writeFile(join(outDir, "preview.js"), (await compile("preview.ts", {}, false)).code);
  await writeFile(join(outDir, "preview.html"), PREVIEW_PAGE);
  await removeOld(join(outDir, "v1"));
  await removeOld(join(outDir, "v1/parts"));
  const totalGzipBytes = loader.gzipBytes + widget.gzipBytes;
  const manifest: Manifest = { version: "v1", loader, widget, totalGzipBytes, parts, pinned };
  if (channel === "stable") {
    await writeFile(join(outDir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  return manifest;
}

const namesIn = async (directory: string): Promise<string[]> =>
  (await readdir(join(SOURCE, directory)))
    .filter((name) => /^[\w-]+\.ts$/.test(name))
    .map((name) => basename(name, ".ts"))
    .sort();

/** What every build writes anew is young; what no build wrote for a month no page needs any more. */
async function removeOld(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const { mtimeMs } = await stat(file);
    if (/\.[A-F0-9]{8}\.js(\.map)?$/.test(name) && Date.now() - mtimeMs > KEEP_MS) await rm(file);
  }
}

/** Builds again on every change, until `stop` is called. Resolves after the first build. */
export async function watchWidget(outDir: string = DEFAULT_OUT_DIR): Promise<{ stop: () => void }> {
  let building = false;
  let again = false;
  const rebuild = async () => {
    again = building;
    if (building) return;
    building = true;
    // A mistake in a source is told, and the next change is waited for.
    await buildWidget(outDir).then(
      (manifest) => console.log(sizeReport(manifest)),
      (error) => console.error(String(error)),
    );
    building = false;
    if (again) await rebuild();
  };
  await rebuild();
  const watcher = watch(SOURCE, { recursive: true }, () => void rebuild());
  return { stop: () => watcher.close() };
}

/** @returns what is over its limit, in words; empty when all is well */
export function checkSizes({ loader, totalGzipBytes, parts }: Manifest): string[] {
  const sizes: [name: string, gzipBytes: number, limit: number][] = [
    ["loader", loader.gzipBytes, LIMITS.loader],
    ["in all", totalGzipBytes, LIMITS.total],
    ...Object.entries(parts).map(([name, part]) => [name, part.gzipBytes, LIMITS.part] as [string, number, number]),
  ];
  return sizes
    .filter(([, gzipBytes, limit]) => gzipBytes > limit)
    .map(([name, gzipBytes, limit]) => `${name}: ${gzipBytes} of ${limit} bytes gzip`);
}

const sizeReport = ({ loader, widget, totalGzipBytes, parts }: Manifest) =>
  `widget built: loader ${loader.gzipBytes} B (limit ${LIMITS.loader}), widget ${widget.gzipBytes} B, in all ${totalGzipBytes} B gzip (limit ${LIMITS.total}); on demand: ${Object.entries(
    parts,
  )
    .map(([name, { gzipBytes }]) => `${name} ${gzipBytes}`)
    .join(", ")}`;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes("--watch")) {
    const { stop } = await watchWidget();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => void stop());
  } else {
    const manifest = await buildWidget(DEFAULT_OUT_DIR, process.argv.includes("--beta") ? "beta" : "stable");
    console.log(sizeReport(manifest));
    const problems = checkSizes(manifest);
    if (problems.length) {
      console.error(`The widget is over its limit: ${problems.join("; ")}`);
      process.exitCode = 1;
    }
  }
}
