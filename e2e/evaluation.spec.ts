import type { Page } from "@playwright/test";
import { expect, expectAccessible, signUp, test } from "./stack";

/** From an empty agent to a compared pair of runs and a condition for publishing, as a member does it. */
test.describe.configure({ mode: "serial" });

let page: Page;
let evaluation: string;
test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
});
test.afterAll(() => page.context().close());

test("a set is made, and questions are imported, written, and refused with their lines", async ({ product }) => {
  await signUp(page, product.appUrl, {
    workspace: "Eval shop",
    email: "eval@example.test",
    password: "correct horse battery",
  });
  const { rows } = await product.owner.query(
    "insert into agents (tenant_id, name) select id, 'Eval agent' from tenants where slug = 'eval-shop' returning id",
  );
  const agent = `${product.appUrl}/eval-shop/agents/${rows[0].id}`;
  evaluation = `${agent}/evaluation`;
  await page.goto(`${agent}/sources/add?kind=text`);
  await page.getByLabel("Name").fill("Warranty");
  await page
    .getByLabel("Text", { exact: true })
    .fill("# Warranty\n\nEvery scale comes with a warranty of two years from the day of delivery.");
  await page.getByRole("button", { name: "Add text" }).click();
  await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/);

  await page.goto(evaluation);
  await expect(page.getByText("No test set yet")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "New test set" }).click();
  await page.getByLabel("Name").fill("Before publishing");
  await page.getByRole("button", { name: "Create set" }).click();
  await page.waitForURL(/\/evaluation\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("button", { name: "Run", exact: true })).toBeDisabled();

  const csv = (text: string) => ({ name: "set.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Import" }).click();
  await page.getByLabel("CSV, JSON or JSON lines").setInputFiles(csv("question,facts\n,two years\n"));
  await page.getByRole("button", { name: "Import questions" }).click();
  await expect(page.getByRole("dialog")).toContainText("Line 2: Write the question.");
  await page
    .getByLabel("CSV, JSON or JSON lines")
    .setInputFiles({ ...csv(""), buffer: Buffer.from("question,facts\nWas kostet die Größe M?,fünf\n", "latin1") });
  await page.getByRole("button", { name: "Import questions" }).click();
  await expect(page.getByRole("dialog")).toContainText("Save it as “CSV UTF-8”");
  await expectAccessible(page);
  await page
    .getByLabel("CSV, JSON or JSON lines")
    .setInputFiles(csv("question,facts,must_refuse\nHow long is the warranty?,two years,\nWho won in 1954?,,yes\n"));
  await page.getByRole("button", { name: "Import questions" }).click();
  await expect(page.getByRole("list", { name: "Test questions" }).getByRole("listitem")).toHaveCount(2);

  await page.getByRole("button", { name: "Write", exact: true }).click();
  await page.getByLabel("Question", { exact: true }).fill("How many years is the warranty of a scale?");
  await page.getByLabel("Expected facts").fill("a thousand years");
  await page.getByRole("button", { name: "Add question" }).click();
  await expect(page.getByRole("list", { name: "Test questions" }).getByRole("listitem")).toHaveCount(3);
  await expectAccessible(page);
});

test("a run says what passed, and of what failed why", async () => {
  for (const label of ["First", "Second"]) {
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByLabel("What is new").fill(label);
    await page.getByRole("button", { name: "Start run" }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
    await expect(page.getByText("Finished")).toBeVisible();
    if (label === "First") await page.getByRole("link", { name: "Back to the set" }).click();
  }
  await expect(page.getByLabel("Figures of the run")).toContainText("66.6%");
  await page.getByLabel("Only the 1 that failed").check();
  const results = page.getByRole("list", { name: "Results" });
  await results.getByText("How many years is the warranty of a scale?").click();
  await expect(results).toContainText("The answer does not say “a thousand years”.");
  await expect(results.getByRole("listitem").filter({ hasText: "Who won in 1954?" })).toHaveCount(0);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  const file = (await (await (await download).createReadStream()).setEncoding("utf8").toArray()).join("");
  expect(file).toContain("How many years is the warranty of a scale?,a thousand years,,no,1,no,");
  await expectAccessible(page);
});

test("two runs are compared, and a minimum that is not reached is said", async () => {
  await page.getByRole("link", { name: "Back to the set" }).click();
  await page.getByLabel("Compare the run First").check();
  await page.getByLabel("Compare the run Second").check();
  await page.getByRole("link", { name: "Compare the two" }).click();
  await expect(page.getByText("No difference that could not be chance")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Back to the set" }).click();
  await page.getByRole("button", { name: "Settings of the set" }).click();
  await page.getByLabel("Minimum pass rate in percent").fill("90");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("at least 90% must pass before publishing")).toBeVisible();
  await page.setViewportSize({ width: 390, height: 780 });
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.goto(evaluation);
  await expect(page.getByText("The agent does not reach its minimum pass rate")).toBeVisible();
  await expectAccessible(page);
});

test("a long list in a script of three bytes a character is imported; what is longer than an action takes is refused in place", async () => {
  const csv = (lines: number) => {
    const questions = Array.from({ length: lines }, (_, at) => `${at}${"长".repeat(1_600)},yes`);
    const buffer = Buffer.from(`question,must_refuse\n${questions.join("\n")}`);
    return { name: "long.csv", mimeType: "text/csv", buffer };
  };
  await page.goto(evaluation);
  await page.getByRole("button", { name: "New test set" }).click();
  await page.getByLabel("Name").fill("Long");
  await page.getByRole("button", { name: "Create set" }).click();
  await page.waitForURL(/\/evaluation\/[0-9a-f-]{36}$/);
  await page.getByRole("button", { name: "Import" }).click();
  await page.getByLabel("CSV, JSON or JSON lines").setInputFiles(csv(600));
  await page.getByRole("button", { name: "Import questions" }).click();
  await expect(page.getByRole("dialog")).toContainText("too large");
  const list = csv(300);
  expect(list.buffer.length).toBeGreaterThan(1_400_000);
  await page.getByLabel("CSV, JSON or JSON lines").setInputFiles(list);
  await page.getByRole("button", { name: "Import questions" }).click();
  const questions = page.getByRole("list", { name: "Test questions" }).getByRole("listitem");
  await expect(questions).toHaveCount(100);
  for (const count of [200, 300]) {
    await page.getByRole("button", { name: "Show more" }).click();
    await expect(questions).toHaveCount(count);
  }
});
