/**
 * Builds the embed into `public/widget/`: `v1/loader.js` (the stable address in customers' pages), `v1/widget.<hash>.js`
 * (never changes), their source maps, `manifest.json` with the sizes, and the page on which the dashboard shows a preview.
 * `tsx components/widget/build.ts [--watch]`
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, context, type Metafile, type Plugin, transform } from "esbuild";

const SOURCE = import.meta.dirname;
const DEFAULT_OUT_DIR = join(SOURCE, "../../public/widget");

/** In bytes after gzip. `total` is all that a text chat loads. */
export const LIMITS = { loader: 1024, total: 10 * 1024 };

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
}

/** A style sheet imported with `?inline` becomes its minified text. */
const inlineCss: Plugin = {
  name: "inline-css",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace("?inline", "")),
      namespace: "inline-css",
    }));
    onLoad({ filter: /./, namespace: "inline-css" }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: code.trim(), loader: "text", watchFiles: [path] };
    });
  },
};

/** Style sheets made by script, the youngest thing the widget cannot do without, came with these. */
const TARGET = ["chrome99", "firefox101", "safari16.4"];

const PREVIEW_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Preview</title><body><script src="preview.js"></script>`;

const options = (outDir: string) =>
  ({
    bundle: true,
    minify: true,
    sourcemap: "linked",
    charset: "utf8",
    target: TARGET,
    outdir: join(outDir, "v1"),
    plugins: [inlineCss],
    metafile: true,
    logLevel: "warning",
  }) satisfies BuildOptions;

const widgetOptions = (outDir: string): BuildOptions => ({
  ...options(outDir),
  entryPoints: { widget: join(SOURCE, "widget.ts") },
  entryNames: "[name].[hash]",
  format: "esm",
});

/** Everything that follows from a built widget: the loader that knows its name, the manifest, no older files. */
async function finish(outDir: string, metafile: Metafile): Promise<Manifest> {
  const widgetFile = basename(Object.keys(metafile.outputs).find((path) => path.endsWith(".js"))!);
  await build({
    ...options(outDir),
    entryPoints: { loader: join(SOURCE, "loader.ts") },
    format: "iife",
    define: { WIDGET_FILE: JSON.stringify(widgetFile) },
  });
  await build({
    ...options(outDir),
    entryPoints: { preview: join(SOURCE, "preview.ts") },
    outdir: outDir,
    sourcemap: false,
    format: "iife",
  });
  await writeFile(join(outDir, "preview.html"), PREVIEW_PAGE);
  const directory = join(outDir, "v1");
  for (const name of await readdir(directory)) {
    if (name.startsWith("widget.") && !name.startsWith(widgetFile)) await rm(join(directory, name));
  }
  const [loader, widget] = await Promise.all([measure(outDir, "v1/loader.js"), measure(outDir, `v1/${widgetFile}`)]);
  const manifest: Manifest = { version: "v1", loader, widget, totalGzipBytes: loader.gzipBytes + widget.gzipBytes };
  await writeFile(join(outDir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function measure(outDir: string, file: string): Promise<BuiltFile> {
  const content = await readFile(join(outDir, file));
  return {
    file,
    bytes: content.length,
    gzipBytes: gzipSync(content, { level: 9 }).length,
    integrity: `sha384-${createHash("sha384").update(content).digest("base64")}`,
  };
}

/** @param outDir is made when it does not exist; files of ours in it are replaced */
export async function buildWidget(outDir: string = DEFAULT_OUT_DIR): Promise<Manifest> {
  await mkdir(join(outDir, "v1"), { recursive: true });
  const { metafile } = await build(widgetOptions(outDir));
  return finish(outDir, metafile!);
}

/** Builds again on every change, until `stop` is called. Resolves after the first build. */
export async function watchWidget(outDir: string = DEFAULT_OUT_DIR): Promise<{ stop: () => Promise<void> }> {
  await mkdir(join(outDir, "v1"), { recursive: true });
  const rebuild: Plugin = {
    name: "finish",
    setup: ({ onEnd }) =>
      onEnd(async ({ errors, metafile }) => {
        if (!errors.length && metafile) console.log(sizeReport(await finish(outDir, metafile)));
      }),
  };
  const base = widgetOptions(outDir);
  const watcher = await context({ ...base, plugins: [...base.plugins!, rebuild] });
  await watcher.watch();
  return { stop: () => watcher.dispose() };
}

/** @returns what is over its limit, in words; empty when all is well */
export function checkSizes({ loader, totalGzipBytes }: Manifest): string[] {
  const problems: string[] = [];
  if (loader.gzipBytes > LIMITS.loader) problems.push(`loader: ${loader.gzipBytes} of ${LIMITS.loader} bytes gzip`);
  if (totalGzipBytes > LIMITS.total) problems.push(`in all: ${totalGzipBytes} of ${LIMITS.total} bytes gzip`);
  return problems;
}

const sizeReport = ({ loader, widget, totalGzipBytes }: Manifest) =>
  `widget built: loader ${loader.gzipBytes} B (limit ${LIMITS.loader}), widget ${widget.gzipBytes} B, in all ${totalGzipBytes} B gzip (limit ${LIMITS.total})`;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes("--watch")) {
    const { stop } = await watchWidget();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => void stop());
  } else {
    const manifest = await buildWidget();
    console.log(sizeReport(manifest));
    const problems = checkSizes(manifest);
    if (problems.length) {
      console.error(`The widget is over its limit: ${problems.join("; ")}`);
      process.exitCode = 1;
    }
  }
}
