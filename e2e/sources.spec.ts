import type { Page } from "@playwright/test";
import { type Account, expect, expectAccessible, signUp, test } from "./stack";

/** What a member does with sources, in order: one account, one agent, a website and a sitemap. */
test.describe.configure({ mode: "serial" });

const ACCOUNT: Account = { workspace: "Sprigwell", email: "sources@example.test", password: "correct horse battery" };
const OTHER: Account = { workspace: "Elsewhere", email: "elsewhere@example.test", password: "another good password" };

let page: Page;
let sourcesUrl: string;
let sitemapUrl: string;
let pageUrl: string;

const finished = (on: Page) => expect(on.getByText(/^Finished/)).toBeVisible({ timeout: 120_000 });
const crawl = (on: Page) => on.getByRole("region", { name: /^Crawl of/ });
const rows = (on: Page) => on.getByRole("region", { name: "Pages" }).getByRole("row");

/** What a crawl needs to be still under way when somebody presses its buttons, on a machine however busy. */
const SLOW_SITE_MS = 2_000;

test.beforeAll(async ({ browser, product }) => {
  product.site.setLatencyMs(SLOW_SITE_MS);
  page = await (await browser.newContext()).newPage();
  await signUp(page, product.appUrl, ACCOUNT);
  await page.getByLabel("Website").fill(product.site.url);
  await page.getByRole("button", { name: "Create agent" }).click();
  await page.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
  sourcesUrl = `${page.url()}/sources`;
});
test.afterAll(async ({ product }) => {
  product.site.setLatencyMs(0);
  await page.context().close();
});

test("a crawl is stopped, and what was read stays", async ({ product }) => {
  await expect(crawl(page).getByText(/found so far/)).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText(/^Stopped .* in use/)).toBeVisible();
  product.site.setLatencyMs(0);
});

test("a sitemap is added; its crawl is watched, held, and goes on where it was", async ({ product }) => {
  test.setTimeout(180_000); // some 100 pages, on whatever machine this is
  await page.goto(sourcesUrl);
  await page.getByRole("button", { name: "Add source" }).click();
  await page.getByText("Sitemap", { exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Add source" }).click();
  await expect(page.getByLabel("Address of the sitemap"), "nothing was typed").toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await page.getByLabel("Address of the sitemap").fill(`${product.site.url}/sitemap.xml`);
  await page.getByLabel("Page limit").fill("100");
  product.site.setLatencyMs(SLOW_SITE_MS);
  await page.getByRole("dialog").getByRole("button", { name: "Add source" }).click();
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/);
  sitemapUrl = page.url();

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(crawl(page).getByText(/^Paused at/)).toBeVisible();
  product.site.setLatencyMs(0);
  await expectAccessible(page);
  const { rows: held } = await product.owner.query("select status from public.crawl_runs where status = 'paused'");
  expect(held).toHaveLength(1);
  await page.getByRole("button", { name: "Resume" }).click();
  await finished(page);
  await expect(rows(page)).toHaveCount(51);
});

test("single pages are added and filtered by status with the reason of each, searched, and read again", async ({
  product,
}) => {
  await page.goto(`${sourcesUrl}?add=1`);
  await page.getByText("Single pages", { exact: true }).click();
  const paths = ["/help/returns", "/help/shipping", "/products/sill-mini"];
  await page.getByLabel("Addresses").fill(paths.map((path) => product.site.url + path).join("\n"));
  await page.getByRole("dialog").getByRole("button", { name: "Add source" }).click();
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/);
  await finished(page);
  await page.getByRole("link", { name: "Failed 1" }).click();
  await page.waitForURL(/status=failed/);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).nth(1)).toContainText("The page does not exist (HTTP 404)");
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Retry .*sill-mini/ }).click();
  await expect(page.getByText("Reading the page again")).toBeVisible();
  await expect(crawl(page).getByRole("definition").first(), "only that page is asked for").toHaveText("1");
  await page.getByRole("link", { name: "All 3" }).click();
  await page.waitForURL((url) => !url.searchParams.has("status"));
  await page.getByRole("searchbox", { name: "Search pages" }).fill("returns");
  await page.waitForURL(/q=returns/);
  await expect(rows(page)).toHaveCount(2);
});

test("a page is shown as it was extracted and as it was cut, each passage with its place", async ({ product }) => {
  await page.locator("a[data-row]", { hasText: "/help/returns" }).click();
  await page.waitForURL(/\/pages\//);
  pageUrl = page.url();
  await expect(page.getByRole("heading", { level: 1 }).first()).toContainText(/return/i);
  await expect(page.getByText("45 days").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: /^Passages/ }).click();
  await page.waitForURL(/as=passages/);
  await expect(page.getByText(/\d+ tokens/).first()).toBeVisible();
  const place = await page.getByRole("link", { name: "Open at passage 1" }).getAttribute("href");
  expect(place).toMatch(new RegExp(`^${product.site.url}/help/returns#.*:~:text=`));
  await expectAccessible(page);
});

test("patterns show what they would leave out before they are saved, and a schedule says when", async () => {
  await page.goto(`${sitemapUrl}/settings`);
  const preview = page.getByRole("complementary", { name: "What these patterns would do" });
  await expect(preview).toContainText(/0 left out/);
  await page.getByLabel("Leave out").fill("/products\n/no-such-place");
  await expect(preview.getByRole("region", { name: "Left out" })).toContainText("/products/");
  await expect(preview).toContainText("This pattern fits no known page: /no-such-place");
  await page.getByLabel("Leave out").fill("/products");
  await page.getByText("Every week").click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Settings saved")).toBeVisible();
  await expect(page.getByText(/^Next time/)).toContainText("in 6 days");
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole("radio", { name: /Every week/ })).toBeChecked();
  await expect(page.getByLabel("Leave out")).toHaveValue("/products");
});

test("a PDF is read and shown with its pages; a source that does not want documents leaves it out, and says so", async ({
  product,
}) => {
  await page.goto(`${sourcesUrl}?add=1`);
  await page.getByRole("dialog").getByText("Single pages", { exact: true }).click();
  const paths = ["/help/returns", "/downloads/tower-datasheet.pdf?v=3"];
  await page.getByLabel("Addresses").fill(paths.map((path) => product.site.url + path).join("\n"));
  await page.getByRole("dialog").getByRole("button", { name: "Add source" }).click();
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/);
  const sourceUrl = page.url();
  await finished(page);
  await page.locator("a[data-row]", { hasText: "tower-datasheet.pdf" }).click();
  await page.waitForURL(/\/pages\//);
  await expect(page.getByText("Sprigwell data sheet").first()).toBeVisible();
  await expect(page.getByRole("complementary", { name: "About this page" })).toContainText("From a PDF");
  await expectAccessible(page);
  await page.getByRole("link", { name: /^Passages/ }).click();
  await page.waitForURL(/as=passages/);
  await expect(page.getByText("page 1", { exact: true })).toBeVisible();
  const place = page.getByRole("link", { name: "Open at passage 1" });
  await expect(place).toHaveAttribute("href", `${product.site.url}${paths[1]}#page=1`);

  await page.goto(`${sourceUrl}/settings`);
  const wanted = page.getByRole("switch", { name: "Read linked documents" });
  await expect(wanted).toBeChecked();
  await wanted.click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByRole("button", { name: "Refresh now" }).click();
  await expect(page.getByText("Reading it again")).toBeVisible();
  await page.reload();
  await expect(wanted).not.toBeChecked();
  await expectAccessible(page);
  await page.goto(`${sourceUrl}?status=excluded`);
  await finished(page);
  await expect(rows(page).nth(1)).toContainText("Turn on “Read linked documents” in the settings of this source");
});

test("to another tenant the source and its page do not exist", async ({ browser, product }) => {
  const stranger = await browser.newPage();
  await signUp(stranger, product.appUrl, OTHER);
  const own = new URL(stranger.url()).pathname.split("/")[1];
  for (const url of [sitemapUrl, `${sitemapUrl}/settings`, pageUrl]) {
    expect((await stranger.goto(url))!.status(), url).toBe(404);
    const underOwnName = url.replace(/(\/\/[^/]+\/)[^/]+/, `$1${own}`);
    expect((await stranger.goto(underOwnName))!.status(), underOwnName).toBe(404);
  }
  await stranger.context().close();
});

test("a source is deleted with what came from it, after saying what that is", async ({ product }) => {
  await page.goto(sitemapUrl);
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Delete source" }).click();
  const dialog = page.getByRole("dialog", { name: /^Delete source/ });
  await expect(dialog).toContainText(/\d+ pages, with all passages/);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete source" }).click();
  await page.waitForURL(sourcesUrl);
  const { rows: left } = await product.owner.query("select count(*)::int as n from public.pages where source_id = $1", [
    sitemapUrl.split("/").at(-1),
  ]);
  expect(left).toEqual([{ n: 0 }]);
  expect((await page.goto(sitemapUrl))!.status()).toBe(404);
});
