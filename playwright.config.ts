import { defineConfig, devices } from "@playwright/test";

/** Chromium comes from the system: Playwright's own downloads are not needed. */
export default defineConfig({
  testDir: "e2e",
  outputDir: ".local/test-results",
  // Each has a stack and a browser of its own: one page works while the other waits, also on two cores.
  workers: 2,
  // For what hangs, as in vitest.config.ts.
  timeout: 180_000,
  expect: { timeout: 45_000 },
  forbidOnly: !!process.env.CI,
  reporter: [
    ["list"],
    ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? ".local/test-reports/playwright.json" }],
  ],
  use: {
    ...devices["Desktop Chrome"],
    // Without a film of every page, which is a quarter of all work; the document at each step is kept.
    trace: { mode: "retain-on-failure", screenshots: false },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
      ],
    },
  },
});
