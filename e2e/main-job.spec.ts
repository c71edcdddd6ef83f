import type { Page } from "@playwright/test";
import { createClient } from "@supabase/supabase-js";
import { type Account, expect, expectAccessible, signUp, test } from "./stack";

/** The main job, as its users do it: a website goes in, a cited answer comes out. One account goes through all of it, in order. */
test.describe.configure({ mode: "serial" });

const ACCOUNT: Account = { workspace: "Verdara shop", email: "owner@example.test", password: "correct horse battery" };
const QUESTION = "How long do I have to send something back?";

const OWN = "where tenant_id = (select id from public.tenants where slug = 'verdara-shop')";

let page: Page;
let publicId: string;

test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
});
test.afterAll(() => page.context().close());

/** The widget's bubble on a page of the shop. */
const bubble = (on: Page) => on.getByRole("button", { name: "Open chat" });

test("a stranger signs up and is asked for a website", async ({ product }) => {
  await signUp(page, product.appUrl, ACCOUNT);
  await expect(page).toHaveURL(/\/verdara-shop\/agents\/new$/);
  await expectAccessible(page);
});

test("an address that cannot be read is refused where it was typed, and nothing is left behind", async ({
  product,
}) => {
  for (const [address, words] of [
    ["not a website", /address/i],
    ["http://127.0.0.1:9/", /private network|port/i],
    ["http://169.254.169.254/latest/meta-data/", /private network/i],
    ["ftp://example.com/", /http/i],
    ["https://no-such-host-4711.example.com/", /No server was found/],
  ] as const) {
    await page.getByLabel("Website").fill(address);
    await page.getByRole("button", { name: "Create agent" }).click();
    await expect(page.getByLabel("Website")).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator("form")).toContainText(words);
  }
  const { rows } = await product.owner.query(
    "select count(*)::int as n from agents a join tenants t on t.id = a.tenant_id where t.slug = 'verdara-shop'",
  );
  expect(rows).toEqual([{ n: 0 }]);
});

test("a website is read with live progress", async ({ product }) => {
  test.setTimeout(180_000); // some 190 pages, on whatever machine this is
  await page.getByLabel("Website").fill(product.site.url);
  await page.getByLabel("Name").fill("Verdara help");
  await page.getByRole("button", { name: "Create agent" }).click();
  await page.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
  const progress = page.getByRole("progressbar", { name: "Crawl progress" });
  await expect(progress).toBeVisible();
  const seen = new Set<string>();
  await expect
    .poll(
      async () => {
        if ((await progress.count()) === 0) return "gone";
        const now = await progress.getAttribute("aria-valuenow", { timeout: 500 }).catch(() => null);
        if (now) seen.add(now);
        return now;
      },
      { timeout: 150_000, intervals: [150] },
    )
    .toBe("gone");
  expect(seen.size, "the bar moved without a reload").toBeGreaterThan(3);
  await expect(page.getByText(/^Finished/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Question" }), "the first question can be asked").toBeEnabled();
  await expectAccessible(page);
});

test("what was said while the socket was away is asked for", async ({ product }) => {
  const context = await page
    .context()
    .browser()!
    .newContext({ storageState: await page.context().storageState() });
  const behind = await context.newPage();
  // Nothing is asked for because of a long silence: no time passes here.
  await behind.clock.setFixedTime(new Date());
  // The page is rendered while the crawl runs; its broadcasts never come, and the socket opens when all is over.
  await product.owner.query(`update public.crawl_runs set status = 'running', finished_at = null ${OWN}`);
  await product.owner.query(`update public.sources set status = 'crawling' ${OWN}`);
  let openSocket = () => {};
  const opened = new Promise<void>((resolve) => {
    openSocket = resolve;
  });
  await behind.route("**/api/session/token", async (route) => {
    await opened;
    await route.continue();
  });
  await behind.goto(page.url());
  await expect(behind.getByRole("progressbar", { name: "Crawl progress" })).toBeVisible();
  await product.owner.query(`update public.crawl_runs set status = 'completed', finished_at = now() ${OWN}`);
  await product.owner.query(`update public.sources set status = 'ready' ${OWN}`);
  openSocket();
  await expect(behind.getByText(/^Finished/)).toBeVisible();
  await context.close();
});

test("every page is listed with what became of it and why", async () => {
  await page.getByRole("link", { name: "View pages" }).click();
  await expect(page.getByText("The site's robots.txt asks not to read this page.").first()).toBeVisible();
  await expectAccessible(page);
});

test("the playground answers with its sources and shows how", async () => {
  await page.getByRole("link", { name: "Playground" }).first().click();
  await page.getByRole("textbox", { name: "Question" }).fill(QUESTION);
  await page.getByRole("button", { name: "Ask" }).click();
  const conversation = page.getByRole("region", { name: "Conversation" });
  await expect(conversation.getByRole("link", { name: /^Source 1:/ }).first()).toBeVisible();
  await expect(conversation).toContainText("45 days");
  await expect(page.getByRole("complementary", { name: "How the answer came about" })).toContainText(
    "local/extractive",
  );
  await expectAccessible(page);
});

test("the snippet page hands out the tag for this agent", async ({ product }) => {
  await page.getByRole("link", { name: "Install" }).first().click();
  const snippet = (await page.getByTestId("snippet").textContent()) ?? "";
  publicId = /data-agent="(ag_[a-z0-9]+)"/.exec(snippet)?.[1] ?? "";
  expect(snippet).toContain(`${product.appUrl}/widget/v1/loader.js`);
  await expectAccessible(page);
});

test("a visitor of the shop asks the widget, gets a streamed answer, follows its source, and finds it again after a reload", async ({
  product,
  browser,
}) => {
  product.site.setWidget({ appUrl: product.appUrl, publicId });
  const context = await browser.newContext();
  const visitor = await context.newPage();
  const problems: string[] = [];
  visitor.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await visitor.goto(`${product.site.url}/`);
  await bubble(visitor).click();
  const chat = visitor.getByRole("dialog", { name: "Verdara help" });
  await chat.getByRole("textbox").fill(QUESTION);
  await visitor.keyboard.press("Enter");
  await expect(chat).toContainText("45 days");
  const source = chat.getByRole("link", { name: /return/i }).first();
  await expect(source).toBeVisible();
  const href = (await source.getAttribute("href"))!;
  expect(href.startsWith(product.site.url)).toBe(true);
  const opened = context.waitForEvent("page");
  await source.click();
  const cited = await opened;
  await cited.waitForLoadState();
  await expect(cited.locator("main, body").first()).toContainText("45 days");
  await cited.close();

  await visitor.reload();
  await expect(chat).toContainText("45 days");
  expect(problems).toEqual([]);
  await context.close();
});

test("the widget works on a phone", async ({ product, browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  const phone = await context.newPage();
  await phone.goto(`${product.site.url}/`);
  await bubble(phone).tap();
  const chat = phone.getByRole("dialog", { name: "Verdara help" });
  const box = (await chat.boundingBox())!;
  expect([box.x, box.y, box.width, box.height].map(Math.round), "the whole screen").toEqual([0, 0, 390, 780]);
  await chat.getByRole("textbox").fill("Are chives dangerous for my cat?");
  await chat.getByRole("button", { name: "Send" }).tap();
  await expect(chat).toContainText("poisonous to cats and dogs");
  await context.close();
});

test("on a domain that is not allowed the widget says so in the console and goes", async ({ product, browser }) => {
  const elsewhere = product.site.url.replace("127.0.0.1", "localhost");
  const stranger = await browser.newPage();
  const message = stranger.waitForEvent(
    "console",
    (entry) => entry.type() === "error" && /Install → Allowed domains/.test(entry.text()),
  );
  await stranger.goto(`${elsewhere}/`);
  await bubble(stranger).click();
  expect((await message).text()).toContain(publicId);
  await expect(stranger.getByRole("dialog", { name: "Verdara help" })).toHaveCount(0);
  await stranger.close();
});

test("a second tenant sees none of it: not by address, REST, RPC, Realtime or Storage", async ({
  product,
  browser,
}) => {
  const other = await browser.newPage();
  await signUp(other, product.appUrl, {
    workspace: "Other",
    email: "other@example.test",
    password: "another good password",
  });
  const response = await other.goto(page.url().replace("/install", ""));
  expect(response!.status()).toBe(404);
  await other.close();

  const { apiUrl, publishableKey } = product.stack;
  const client = createClient(apiUrl, publishableKey, { auth: { persistSession: false } });
  const { data } = await client.auth.signInWithPassword({
    email: "other@example.test",
    password: "another good password",
  });
  for (const table of [
    "agents",
    "sources",
    "crawl_runs",
    "pages",
    "page_versions",
    "chunks",
    "conversations",
    "messages",
    "citations",
    "usage_counters",
  ])
    expect((await client.from(table).select("*")).data, table).toEqual([]);
  const { rows } = await product.owner.query("select tenant_id, id from agents where public_id = $1", [publicId]);
  const { tenant_id: tenantId, id: agentId } = rows[0];
  expect(
    (await client.rpc("match_chunks", { p_tenant_id: tenantId, p_agent_id: agentId, p_terms: [1], p_weights: [1] }))
      .error,
  ).not.toBeNull();
  expect(
    (
      await client
        .schema("service")
        .rpc("match_chunks", { p_tenant_id: tenantId, p_agent_id: agentId, p_terms: [1], p_weights: [1] })
    ).error,
  ).not.toBeNull();
  expect((await client.storage.from("sources").upload(`${tenantId}/x.txt`, new Blob(["x"]))).error).not.toBeNull();
  await client.realtime.setAuth(data.session!.access_token);
  const status = await new Promise((resolve) => {
    client
      .channel(`tenant:${tenantId}:crawl`, { config: { private: true } })
      .subscribe((state) => state !== "CLOSED" && resolve(state));
  });
  expect(status).toBe("CHANNEL_ERROR");
  await client.realtime.disconnect();
});

test("queues are shown to platform admins alone", async ({ product }) => {
  const asMember = await page.request.get(`${product.appUrl}/admin/queues`);
  expect(asMember.status()).toBe(404);
  await product.owner.query("insert into private.platform_admins select id from auth.users where email = $1", [
    ACCOUNT.email,
  ]);
  await page.goto(`${product.appUrl}/admin/queues`);
  await expect(page.getByText("crawl-page").first()).toBeVisible();
  const anonymous = await fetch(`${product.appUrl}/admin/queues`, { redirect: "manual" });
  expect(anonymous.status).toBe(303);
  expect(anonymous.headers.get("location")).toContain("/sign-in");
});

test("signing out ends the session; an expired one leads to the sign-in page and back", async ({ product }) => {
  await page.goto(`${product.appUrl}/verdara-shop`);
  await page.getByRole("button", { name: new RegExp(ACCOUNT.email) }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in**");
  await page.goto(`${product.appUrl}/verdara-shop`);
  await expect(page).toHaveURL(/sign-in\?next=%2Fverdara-shop/);
  await page.getByLabel("E-mail").fill(ACCOUNT.email);
  await page.getByLabel("Password", { exact: true }).fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(ACCOUNT.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/verdara-shop$/);
});
