import { defineConfig } from "vitest/config";

const alias = { "@": import.meta.dirname };
const exclude = ["node_modules/**", ".next/**", ".local/**", "e2e/**"];

/** For what hangs: how fast a test runs, and something that it waits for comes, says nothing on a machine that others use too. */
const patience = { testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: 60_000 } } };

/** The same for both, so that they run as one: what needs no database fills the time that others wait for one. */
const maxWorkers = 3;

/** `unit` needs nothing but Node; `stack` (files named *.db.test.ts) runs on the real Postgres started once for the run. */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: [...exclude, "**/*.db.test.ts"],
          setupFiles: ["lib/testing/console.ts"],
          // Started in a third of the time of a process.
          pool: "threads",
          ...patience,
          maxWorkers,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "stack",
          include: ["**/*.db.test.ts"],
          exclude,
          globalSetup: ["lib/testing/global-setup.ts"],
          setupFiles: ["lib/testing/console.ts"],
          ...patience,
          maxWorkers,
        },
      },
    ],
  },
});
