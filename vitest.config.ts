import { defineConfig } from "vitest/config";

const alias = { "@": import.meta.dirname };
const exclude = ["node_modules/**", ".next/**", ".local/**", "e2e/**"];

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
          // For what hangs: how fast a test runs says nothing on a machine that others use too.
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
