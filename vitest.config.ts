import { defineConfig } from "vitest/config";

const alias = { "@": import.meta.dirname };
const exclude = ["node_modules/**", ".next/**", ".local/**", "e2e/**"];

/** For what hangs: how fast a test runs, and something that it waits for comes, says nothing on a machine that others use too. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 30_000 } } };

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
          ...patience,
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
          maxWorkers: 2,
        },
      },
    ],
  },
});
