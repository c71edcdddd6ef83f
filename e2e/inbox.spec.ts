import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, signUp, test } from "./stack";

/** From a visitor's question to better knowledge, as an operator does it: live, corrected, and gone from the gaps. */
test.describe.configure({ mode: "serial" });

const KEY = "0123456789abcdef0123456789abcdef";
const RIGHT = "Since March it is five years.";
let page: Page;
let agent: string;
let api: string;
test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
});
test.afterAll(() => page.context().close());

const headers = { origin: "https://shop.test", "content-type": "application/json", "x-alonchat-visitor": KEY };

/** A visitor asks; returns what was answered. */
async function ask(text: string): Promise<{ answer: string; answerId: string }> {
  const body = JSON.stringify({ conversationId: randomUUID(), messageId: randomUUID(), text });
  const response = await fetch(`${api}/messages`, { method: "POST", headers, body });
  const events = [...(await response.text()).matchAll(/^event: (\w+)\ndata: (.*)$/gm)];
  const data = events.map(([, event, json]) => ({ event, ...JSON.parse(json!) }));
  return {
    answer: data.map(({ event, text: part }) => (event === "delta" ? part : "")).join(""),
    answerId: data.find(({ event }) => event === "start").answerId,
  };
}

test("a visitor's question appears without a reload, and is opened by keyboard", async ({ product }) => {
  await signUp(page, product.appUrl, {
    workspace: "Inbox shop",
    email: "inbox@example.test",
    password: "correct horse battery",
  });
  const { rows } = await product.owner.query(
    "insert into agents (tenant_id, name, allowed_domains) select id, 'Inbox agent', '{shop.test}' from tenants where slug = 'inbox-shop' returning id, public_id",
  );
  agent = `${product.appUrl}/inbox-shop/agents/${rows[0].id}`;
  api = `${product.appUrl}/api/widget/v1/agents/${rows[0].public_id}`;
  await page.goto(`${agent}/sources/add?kind=text`);
  await page.getByLabel("Name").fill("Warranty");
  await page
    .getByLabel("Text", { exact: true })
    .fill("# Warranty\n\nEvery scale comes with a warranty of two years from the day of delivery.");
  await page.getByRole("button", { name: "Add text" }).click();
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/);
  await expect
    .poll(
      async () =>
        (await product.owner.query("select 1 from pages where agent_id = $1 and status = 'published'", [rows[0].id]))
          .rowCount,
      { timeout: 60_000 },
    )
    .toBe(1);

  await page.goto(`${agent}/conversations`);
  await expect(page.getByText("No conversations yet")).toBeVisible();
  await expectAccessible(page);
  expect((await ask("How long is the warranty?")).answer).toContain("two years");
  const row = page.getByRole("link", { name: "How long is the warranty?" });
  await expect(row).toBeVisible();
  await page.keyboard.press("j");
  await expect(row).toBeFocused();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/conversations\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("article", { name: "Conversation" })).toContainText("two years");
  await expectAccessible(page);
});

test("a rating arrives live, the answer is corrected, and the next visitor gets the correction", async () => {
  const { answerId } = await ask("What warranty do I get?");
  const feedback = JSON.stringify({ rating: "down", reason: "wrong", comment: "It is five." });
  expect((await fetch(`${api}/answers/${answerId}/feedback`, { method: "POST", headers, body: feedback })).status).toBe(
    204,
  );
  await page.getByRole("link", { name: "What warranty do I get?" }).click();
  const conversation = page.getByRole("article", { name: "Conversation" });
  await expect(conversation).toContainText("Disliked: wrong");
  await expect(conversation).toContainText("It is five.");
  await conversation.getByRole("button", { name: "Tag" }).click();
  await page.getByLabel("New tag").fill("warranty");
  await page.keyboard.press("Enter");
  await expect(conversation.getByRole("button", { name: "Remove the tag warranty" })).toBeVisible();

  await conversation.getByRole("button", { name: "Correct" }).click();
  await expectAccessible(page);
  await page.getByLabel("Right answer").fill("");
  await page.getByRole("button", { name: "Save answer" }).click();
  await expect(page.getByRole("dialog")).toContainText("Write the answer.");
  await page.getByLabel("Right answer").fill(RIGHT);
  await page.getByRole("button", { name: "Save answer" }).click();
  await expect(conversation.getByRole("region", { name: "Correction" })).toContainText(RIGHT);
  expect((await ask("What warranty do I get?")).answer).toContain("five years");
  await conversation.getByRole("link", { name: "Open in the knowledge" }).click();
  await expect(page.getByText(RIGHT)).toBeVisible();
});

test("the list is filtered by its address, and exported as it is filtered", async () => {
  await page.goto(`${agent}/conversations?rating=down`);
  await expect(page.getByRole("button", { name: "Remove the filter Rating" })).toBeVisible();
  await expect(page.locator("main [data-row]")).toHaveCount(1);
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "CSV, for spreadsheets" }).click();
  const text = await (await (await download).createReadStream()).setEncoding("utf8").toArray();
  const csv = text.join("");
  expect(csv).toContain("What warranty do I get?");
  expect(csv).toContain(",down,wrong,It is five.,");
  expect(csv).not.toContain("How long is the warranty?");
  await page.getByRole("button", { name: "Remove the filter Rating" }).click();
  await expect(page.locator("main [data-row]")).toHaveCount(3);
});

test("what nobody could answer becomes a gap without a reload, and is solved by answering it", async () => {
  test.slow();
  await page.goto(`${agent}/gaps`);
  await ask("Do you ship to Norway?");
  await ask("shipping to norway");
  const gap = page.getByRole("listitem").filter({ hasText: "Do you ship to Norway?" });
  await expect(gap).toContainText("2 questions", { timeout: 90_000 });
  await expectAccessible(page);
  await gap.getByRole("button", { name: "Answer it" }).click();
  await page.getByLabel("Right answer").fill("Yes, to Norway within five days.");
  await page.getByRole("button", { name: "Save answer" }).click();
  await expect(gap).toHaveCount(0);
  await page.getByRole("link", { name: "Solved" }).click();
  await expect(gap).toBeVisible();
  expect((await ask("Is shipping to Norway possible?")).answer).toContain("five days");
});

test("how conversations ended is counted, and all of it fits a phone", async () => {
  await page.setViewportSize({ width: 390, height: 780 });
  await page.emulateMedia({ colorScheme: "dark" });
  for (const path of ["conversations", "conversations/outcomes", "gaps?status=solved"]) {
    await page.goto(`${agent}/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  }
  await page.goto(`${agent}/conversations/outcomes`);
  const open = page.getByRole("row", { name: /^Open/ });
  await expect(open).toContainText("6");
  await open.getByRole("link").click();
  await page.waitForURL(/outcome=open&from=/);
  await expect(page.locator("main [data-row]")).toHaveCount(6);
});
