import type { Page } from "@playwright/test";
import { newId } from "@/lib/core/ids";
import { docxOf } from "@/lib/testing/office-files";
import { pdfLines, pdfOf } from "@/lib/testing/pdf-files";
import { expect, expectAccessible, signUp, test } from "./stack";

/** What is not on the web, as its members bring it: files that are dropped, read and cited with their page; text; questions. */
test.describe.configure({ mode: "serial" });

let page: Page;
test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
});
test.afterAll(() => page.context().close());

const manual = pdfOf([
  [{ text: "Tower manual", y: 780, size: 22 }, ...pdfLines(filler("watering"), { top: 740 })],
  [
    { text: "Warranty", y: 780, size: 16 },
    ...pdfLines(["The pump of the Tower is covered for seven years.", ...filler("warranty")], { top: 740 }),
  ],
]);
const returns = docxOf([{ heading: "Dealer returns" }, { text: "Dealers send lamps back to the depot in Ghent." }]);
const prices = "Part,Price\nTrellis clip,1.75 EUR\nDrip tray,6.20 EUR\n";

function filler(topic: string): string[] {
  return Array.from(
    { length: 12 },
    (_, i) => `Line ${i} of the section about ${topic} says something that nobody asks for.`,
  );
}

let sources: string;

test("a member drops files of several kinds, and sees of each what became of it", async ({ product }) => {
  await signUp(page, product.appUrl, {
    workspace: "Files shop",
    email: "files@example.test",
    password: "correct horse battery",
  });
  const { rows } = await product.owner.query(
    "insert into agents (tenant_id, name) select id, 'Files agent' from tenants where slug = 'files-shop' returning id",
  );
  sources = `${product.appUrl}/files-shop/agents/${rows[0].id}/sources`;
  await page.goto(`${sources}/add`);
  await expectAccessible(page);
  await page.getByLabel("Choose files").setInputFiles([
    { name: "Tower manual.pdf", mimeType: "application/pdf", buffer: manual },
    { name: "Dealers.docx", mimeType: "application/octet-stream", buffer: returns },
    { name: "prices.csv", mimeType: "text/csv", buffer: Buffer.from(prices) },
    { name: "locked.pdf", mimeType: "application/pdf", buffer: pdfOf([pdfLines(["x"])], { locked: true }) },
    { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
  ]);
  const uploads = page.getByRole("list", { name: "Uploads" });
  await expect(uploads.getByText("Uploaded, being read")).toHaveCount(4);
  await expect(uploads).toContainText("This file is empty.");
  await page.getByRole("link", { name: "See what was read" }).click();
  const files = page.getByRole("list", { name: "Files" });
  await expect(files.getByText("Ready")).toHaveCount(3, { timeout: 120_000 }); // four processes, on whatever machine this is
  await expect(files.getByRole("listitem").filter({ hasText: "locked.pdf" })).toContainText(
    "protected with a password",
  );
  await expect(files.getByRole("listitem").filter({ hasText: "Tower manual.pdf" })).toContainText("2 pages");
  await expectAccessible(page);
});

async function ask(question: string) {
  await page.goto(sources.replace("/sources", "/playground"));
  await page.getByRole("textbox", { name: "Question" }).fill(question);
  await page.getByRole("button", { name: "Ask" }).click();
  return page.getByRole("region", { name: "Conversation" });
}

test("answers name the file and its page; there is a link once the file is public", async ({ product }) => {
  const question = "For how many years is the pump of the Tower covered?";
  const conversation = await ask(question);
  await expect(conversation).toContainText("seven years");
  await expect(conversation.getByRole("list", { name: "Sources" })).toContainText("Tower manual.pdf › Warranty · p. 2");
  await expect(conversation.getByRole("list", { name: "Sources" }).getByRole("link")).toHaveCount(0);

  await page.goto(sources);
  await page
    .getByRole("link", { name: /Tower manual\.pdf/ })
    .first()
    .click();
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}/);
  await page.goto(`${page.url().replace(/\/content$/, "")}/content`);
  await page.getByLabel("Public Tower manual.pdf").check();
  await expect(page.getByLabel("Public Tower manual.pdf")).toBeChecked();
  await expect(page.getByLabel("Public Tower manual.pdf")).toBeEnabled();
  const link = (await ask(question)).getByRole("list", { name: "Sources" }).getByRole("link").first();
  const href = (await link.getAttribute("href"))!;
  expect(href).toMatch(/^http.*\/api\/files\/[0-9a-f-]{36}\/Tower%20manual\.pdf#page=2$/);
  const opened = await fetch(href);
  expect(opened.url.startsWith(product.stack.apiUrl)).toBe(true);
  expect(Buffer.from(await opened.arrayBuffer()).equals(manual)).toBe(true);
});

test("Word and CSV are answered from too", async () => {
  await expect(await ask("Where do dealers send lamps back to?")).toContainText("Ghent");
  await expect(await ask("What does the trellis clip cost?")).toContainText("1.75");
});

test("text and questions that members write are answered from, and can be changed", async ({ product }) => {
  await page.goto(`${sources}/add?kind=questions`);
  await page.getByLabel("Question", { exact: true }).fill("Do you ship to Norway?");
  await page.getByLabel("Answer").fill("Yes, parcels to Norway take five days.");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add questions" }).click();
  await page.waitForURL("**/content");
  await page.getByRole("button", { name: "Edit “Do you ship to Norway?”" }).click();
  await page
    .getByRole("list", { name: "Questions" })
    .getByLabel("Answer")
    .fill("Yes, parcels to Norway take nine days.");
  await page.getByRole("button", { name: "Save question" }).click();
  await expect(page.getByRole("list", { name: "Questions" })).toContainText("nine days");
  const read = () => product.owner.query("select 1 from chunks where published and content like '%nine days%'");
  await expect.poll(async () => (await read()).rowCount).toBe(1);
  await expect(await ask("How long do parcels to Norway take?")).toContainText("nine days");

  await page.goto(`${sources}/add?kind=text`);
  await page.getByLabel("Name").fill("Opening hours");
  await page.getByLabel("Text", { exact: true }).fill("The greenhouse in Bruges opens at half past seven.");
  await page.setViewportSize({ width: 390, height: 780 });
  await expectAccessible(page);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth),
    "nothing wider than a phone",
  ).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "Add text" }).click();
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/);
});

test("a member tries a part of the knowledge, and the trace says which", async ({ product }) => {
  const question = "For how many years is the pump of the Tower covered?";
  const conversation = await ask(question);
  const trace = page.getByRole("complementary", { name: "How the answer came about" });
  await expect(conversation).toContainText("seven years");
  await expect(trace).not.toContainText("Only in");

  await page.getByRole("button", { name: "Search in: All sources" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Opening hours" }).press("Space");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Search in: Opening hours" })).toBeFocused();
  await page.getByRole("textbox", { name: "Question" }).fill(question);
  await page.keyboard.press("Enter");
  await expect(trace).toContainText("Only inOpening hours");
  await expect(trace).toContainText("The agent did not know, and said so");
  await expect(trace).not.toContainText("Tower manual");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Search in: Opening hours" }).click();
  await page.getByRole("menuitem", { name: "Search in all sources" }).click();
  await page.getByRole("textbox", { name: "Question" }).fill(question);
  await page.keyboard.press("Enter");
  await expect(conversation.getByText("seven years")).toHaveCount(2);
  await expect(trace).not.toContainText("Only in");

  const { rows } = await product.owner.query(
    `with elsewhere as (insert into tenants (slug, name) values ('elsewhere', 'Elsewhere') returning id),
       hidden as (insert into agents (tenant_id, name) select id, 'Hidden' from elsewhere returning tenant_id, id)
     insert into sources (tenant_id, agent_id, kind, name) select tenant_id, id, 'text', 'Hidden' from hidden returning id`,
  );
  const agentId = /agents\/([0-9a-f-]{36})/.exec(sources)![1];
  const status = async (filters: unknown) =>
    (
      await page.request.post(`${product.appUrl}/api/playground/${agentId}/messages`, {
        headers: { "sec-fetch-site": "same-origin" },
        data: { conversationId: newId(), messageId: newId(), text: question, filters },
      })
    ).status();
  expect(await status({ sourceIds: [rows[0].id], languages: null })).toBe(404);
  for (const filters of [
    { sourceIds: [], languages: null },
    { sourceIds: ["x"], languages: null },
    { sourceIds: null, languages: ["English"] },
    { sourceIds: Array.from({ length: 101 }, newId), languages: null },
    "everywhere",
  ])
    expect(await status(filters), JSON.stringify(filters).slice(0, 60)).toBe(400);
});
