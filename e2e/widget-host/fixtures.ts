import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { buildWidget } from "../../components/widget/build";
import { FakeApp } from "./fake-app";
import { startHostSite } from "./host-site";

/** The widget as a visitor finds it on a page of the host. */
export class Chat {
  readonly bubble: Locator;
  readonly panel: Locator;
  readonly log: Locator;
  readonly field: Locator;

  constructor(readonly page: Page) {
    this.bubble = page.locator("alonchat-widget .bubble");
    this.panel = page.locator("alonchat-widget dialog");
    this.log = this.panel.getByRole("log");
    this.field = this.panel.locator(".composer textarea");
  }

  /** Opens the panel by the bubble and waits until it is ready for a question. */
  async open(): Promise<void> {
    await this.bubble.click();
    await expect(this.field).toHaveAttribute("placeholder", "Ask a question");
  }

  async ask(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** The last answer, once it is complete. */
  async answer(): Promise<Locator> {
    // The very last is where parts put things.
    const row = this.log.locator(":scope > div").nth(-2);
    await expect(row).toHaveClass(/complete|no_answer|stopped|failed/);
    return row;
  }

  /** What the widget stored in this browser, by key. */
  stored(): Promise<Record<string, string>> {
    return this.page.evaluate(() => ({ ...localStorage }));
  }
}

interface PerTest {
  app: FakeApp;
  host: string;
  chat: Chat;
  /** Everything the page printed as an error, and every exception. A test that expects some empties it. */
  problems: string[];
}

export const test = base.extend<PerTest, { widgetDir: string }>({
  widgetDir: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants an object pattern
    async ({}, use) => {
      const directory = await mkdtemp(join(tmpdir(), "alonchat-widget-"));
      await buildWidget(directory);
      await use(directory);
      await rm(directory, { recursive: true });
    },
    { scope: "worker" },
  ],
  app: async ({ widgetDir }, use) => {
    const app = await new FakeApp(widgetDir).start();
    await use(app);
    await app.stop();
  },
  host: async ({ app }, use) => {
    const site = await startHostSite(() => app.origin);
    await use(site.origin);
    await site.stop();
  },
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(String(error)));
      await use(problems);
      expect(problems, "errors in the page").toEqual([]);
    },
    { auto: true },
  ],
  chat: async ({ page }, use) => use(new Chat(page)),
});

export { expect };
