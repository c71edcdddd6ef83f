import { defineConfig, devices } from "@playwright/test";

/** Chromium comes from the system: Playwright's own downloads are not needed. */
export default defineConfig({
  testDir: "e2e",
  outputDir: ".local/test-results",
  // One stack and one browser at a time: the machine that runs this may have two cores.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  reporter: [
    ["list"],
    ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? ".local/test-reports/playwright.json" }],
  ],
  use: {
    ...devices["Desktop Chrome"],
    trace: "retain-on-failure",
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
