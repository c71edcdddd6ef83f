import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { type Account, expect, expectAccessible, signUp, test } from "./stack";

/** The widget's surroundings: how it looks, where it is installed, who may use it, the pages that show nothing else. In order. */
test.describe.configure({ mode: "serial" });

const ACCOUNT: Account = { workspace: "Widget house", email: "widget@example.test", password: "correct horse battery" };

let page: Page;
let agent: { id: string; public_id: string };
let base: string;
let secret: string;
/** A customer's page with a frame, on two names of this machine. */
let host: Server;

test.beforeAll(async ({ browser, product }) => {
  page = await (await browser.newContext()).newPage();
  await signUp(page, product.appUrl, ACCOUNT);
  const { rows } = await product.owner.query(
    "insert into agents (tenant_id, name, allowed_domains) select id, 'Widget help', array['127.0.0.1'] from tenants where slug = 'widget-house' returning id, public_id",
  );
  agent = rows[0];
  base = `${product.appUrl}/widget-house/agents/${agent.id}`;
  host = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(
      `<!doctype html><title>Host</title><iframe title="Chat" src="${product.appUrl}/embed/${agent.public_id}"></iframe>`,
    );
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
});
test.afterAll(async () => {
  await page.context().close();
  host.closeAllConnections();
  await new Promise((resolve) => host.close(resolve));
});

const config = async (appUrl: string) =>
  (await fetch(`${appUrl}/api/widget/v1/agents/${agent.public_id}/config`, { headers: { origin: appUrl } })).json();

test("what an admin makes of the appearance is what the widget is told", async ({ product }) => {
  await page.goto(`${base}/appearance`);
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeVisible();
  await page.getByLabel("Name").fill("Ada of the shop");
  await page.getByLabel("Accent colour").fill("#d63384");
  await expect(page.getByText(/visitors see it darker/)).toBeVisible();
  await page.getByRole("radio", { name: "Dark", exact: true }).first().click();
  await page.getByRole("radio", { name: "Left" }).click();
  await page.getByLabel("Text on the bubble").fill("Ask us");
  await page.getByRole("switch", { name: "Ask for consent first" }).click();
  await page.getByLabel("Consent text").fill("We keep questions for 30 days.");
  await page.getByRole("switch", { name: /Without/ }).click();
  await page.getByText("CSS variables").click();
  await page.getByLabel("--alonchat-radius").fill("4px");
  const preview = page.frameLocator("iframe[title='The chat as visitors see it']");
  await expect(preview.getByRole("button", { name: "Accept and continue" })).toBeVisible();
  await expect(preview.locator("dialog")).toContainText("Ada of the shop");
  await expect(preview.locator("dialog")).toContainText("We keep questions for 30 days.");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Appearance saved")).toBeVisible();
  expect(await config(product.appUrl)).toMatchObject({
    name: "Ada of the shop",
    accentColor: "#d63384",
    theme: "dark",
    position: "left",
    launcherText: "Ask us",
    consent: { text: "We keep questions for 30 days." },
    poweredBy: false,
    variables: { "--alonchat-radius": "4px" },
  });
});

test("a variable that could do harm is refused where it was typed", async () => {
  await page.getByLabel("--alonchat-radius").fill("url(https://evil.test)");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByLabel("--alonchat-radius")).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByLabel("--alonchat-radius")).toHaveValue("4px");
});

test("a picture is saved at once and served; what is no picture is refused", async ({ product }) => {
  const file = page.getByLabel("Picture file");
  await file.setInputFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from("<svg onload=alert(1)>") });
  await expect(page.getByText(/me\.png is no picture/)).toBeVisible();
  await file.setInputFiles({ name: "me.png", mimeType: "image/png", buffer: PICTURE });
  await expect(page.getByRole("button", { name: "Change picture" })).toBeVisible();
  const { avatarUrl } = await config(product.appUrl);
  const answer = await fetch(avatarUrl);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^image\/(webp|png)$/);
  expect(answer.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect((await fetch(avatarUrl.replace(/[0-9a-f]{64}/, "0".repeat(64)))).status).toBe(404);
});

test("a page is checked: without the snippet, with it, and one that may not be looked at", async ({ product }) => {
  await page.goto(`${base}/install`);
  const address = page.getByLabel("Page", { exact: true });
  const run = async () => {
    await page.getByRole("button", { name: "Check page" }).click();
    await expect(page.getByRole("button", { name: "Check page" })).toBeEnabled();
  };
  await address.fill(product.site.url);
  await run();
  await expect(page.getByText("The snippet is not on this page")).toBeVisible();
  product.site.setWidget({ appUrl: product.appUrl, publicId: "ag_somebodyelse00000" });
  await run();
  await expect(page.getByText(/The snippet is of another agent/)).toBeVisible();
  product.site.setWidget({ appUrl: product.appUrl, publicId: agent.public_id });
  await run();
  await expect(page.getByText("The chat should work on this page")).toBeVisible();
  await expectAccessible(page);
  await address.fill("http://169.254.169.254/latest/meta-data/");
  await run();
  await expect(page.getByText(/private network/)).toBeVisible();
});

test("a page that loads the chat shows up under “Seen on”", async ({ product, browser }) => {
  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(product.site.url);
  await visitor.locator("alonchat-widget .bubble").click();
  await expect(visitor.locator("alonchat-widget dialog")).toBeVisible();
  await visitor.context().close();
  await expect(async () => {
    await page.goto(`${base}/install`);
    await expect(
      page
        .getByRole("listitem")
        .filter({ hasText: new URL(product.site.url).host })
        .first(),
    ).toBeVisible({ timeout: 1_000 });
  }).toPass();
});

test("a key is shown once; whom it vouches for is answered, and nobody else where only they may ask", async ({
  product,
}) => {
  await page.goto(`${base}/security`);
  await page.getByRole("button", { name: "Create key" }).click();
  secret = (await page.getByTestId("identity-secret").textContent()) ?? "";
  expect(secret).toMatch(/^ids_/);
  await expectAccessible(page);
  await page.getByRole("switch", { name: "Signed-in users only" }).click();
  await expect(page.getByText("Protection saved")).toBeVisible();
  await page.reload();
  await expect(page.getByTestId("identity-secret")).toHaveCount(0);
  await expect(page.getByText(`ids_…${secret.slice(-4)}`)).toBeVisible();
  const list = (headers: Record<string, string>) =>
    fetch(`${product.appUrl}/api/widget/v1/agents/${agent.public_id}/conversations`, { headers });
  const hash = (key: string) => createHmac("sha256", key).update("user-1").digest("hex");
  expect((await list({ "x-alonchat-user": "user-1", "x-alonchat-user-hash": hash(secret) })).status).toBe(200);
  expect((await list({ "x-alonchat-user": "user-1", "x-alonchat-user-hash": hash("guess") })).status).toBe(401);
  await page.getByRole("switch", { name: "Signed-in users only" }).click();
  await expect(page.getByRole("switch", { name: "Signed-in users only" })).not.toBeChecked();
});

test("a budget that is too small is refused; a good one is saved", async () => {
  await page.getByLabel("Tokens a day").fill("10");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(/not one answer fits/)).toBeVisible();
  await page.getByLabel("Tokens a day").fill("200,000");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("0 of 200,000 used today")).toBeVisible();
});

test("the share page shows the chat and its own title, asks nobody else for anything, and is not listed", async ({
  product,
  browser,
}) => {
  const visitor = await (await browser.newContext()).newPage();
  const elsewhere: string[] = [];
  visitor.on("request", (request) => {
    if (new URL(request.url()).origin !== product.appUrl) elsewhere.push(request.url());
  });
  const answer = await visitor.goto(`${product.appUrl}/chat/${agent.public_id}`);
  expect(answer?.headers()["x-robots-tag"]).toBe("noindex");
  expect(answer?.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
  await expect(visitor).toHaveTitle("Ada of the shop");
  await expect(visitor.locator("alonchat-widget dialog")).toBeVisible();
  await expectAccessible(visitor);
  expect(elsewhere).toEqual([]);
  expect(
    await visitor.evaluate(() => Object.keys(localStorage).length + document.cookie.length),
    "nothing is stored before the first question",
  ).toBe(0);
  await visitor.context().close();
});

test("a share page that is switched off, or of nobody, is not found", async ({ product }) => {
  await product.owner.query("update widget_settings set share_enabled = false where agent_id = $1", [agent.id]);
  for (const id of [agent.public_id, "ag_nobody", "%3Cscript%3E"])
    expect((await fetch(`${product.appUrl}/chat/${id}`)).status).toBe(404);
});

test("the frame shows on an allowed domain and on no other", async ({ product, browser }) => {
  const visitor = await (await browser.newContext()).newPage();
  const { port } = host.address() as AddressInfo;
  await visitor.goto(`http://127.0.0.1:${port}/`);
  await expect(visitor.frameLocator("iframe").locator("alonchat-widget dialog")).toBeVisible();
  // Another name of the same machine is another domain.
  await visitor.goto(`http://localhost:${port}/`);
  await expect.poll(() => visitor.frames().at(1)?.url()).toMatch(/^(chrome-error:|$)/);
  await visitor.context().close();
  expect((await fetch(`${product.appUrl}/embed/${agent.public_id}`)).headers.get("content-security-policy")).toContain(
    "frame-ancestors http://127.0.0.1",
  );
});

/** Two by two pixels of red. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==",
  "base64",
);
