import { build } from "esbuild";

/** The variable that names a bundled worker: tests start so many that reading TypeScript would be most of their work. */
export const BUNDLED_WORKER = "TEST_WORKER";

/** Bundles the worker and, beside it, the process that opens files; packages stay where they are. Returns the worker's file. */
export async function bundleWorker(outdir: string): Promise<string> {
  await build({
    entryPoints: { main: "workers/main.ts", child: "lib/files/parse/child.ts" },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    packages: "external",
    sourcemap: "linked",
    logLevel: "warning",
  });
  return `${outdir}/main.js`;
}
