import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { startStack } from "@/supabase/local/stack";
import { type SharedStack, TEMPLATE_DATABASE } from "./stack";
import { BUNDLED_WORKER, bundleWorker } from "./worker-bundle";

declare module "vitest" {
  interface ProvidedContext {
    stack: SharedStack;
  }
}

/** One stack for the whole run: free ports, a folder that is thrown away, and a template database to copy for each test file. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack({ apiPort: 0, dbPort: 0, throwaway: true, template: TEMPLATE_DATABASE });
  const { stop, timings: _timings, ...shared } = stack;
  project.provide("stack", shared);
  const folder = `.local/test-worker-${process.pid}`;
  process.env[BUNDLED_WORKER] = await bundleWorker(folder);
  return async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
