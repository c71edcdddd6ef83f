import type { Page } from "@playwright/test";
import { expect, expectAccessible, signUp, test } from "./stack";

/** Who runs the platform keeps the list of models; what changes there is what agents may choose, a moment later. */
test.describe.configure({ mode: "serial" });

const EMAIL = "platform@example.test";
let page: Page;
let settings: string;
let models: string;

test.beforeAll(async ({ browser, product }) => {
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signUp(page, product.appUrl, { workspace: "Model shop", email: EMAIL, password: "correct horse battery" });
  const { rows } = await product.owner.query(
    "insert into agents (tenant_id, name) select id, 'Model agent' from tenants where slug = 'model-shop' returning id",
  );
  settings = `${product.appUrl}/model-shop/agents/${rows[0].id}/settings`;
  models = `${product.appUrl}/admin/models`;
});
test.afterAll(() => page.context().close());

const row = (name: string) => page.getByRole("row").filter({ hasText: name });
const dialog = () => page.getByRole("dialog");
const accountMenu = async () => {
  await page.goto(settings);
  await page.getByRole("button", { name: "Account" }).click();
  return page.getByRole("menu");
};

test("the list is there for platform admins alone, and so is the way to it", async ({ product }) => {
  await expect((await accountMenu()).getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Models" })).toHaveCount(0);
  expect((await page.request.get(models)).status()).toBe(404);
  const stranger = await fetch(models, { redirect: "manual" });
  expect(stranger.status).toBe(307);
  expect(stranger.headers.get("location")).toContain("/sign-in?next=%2Fadmin%2Fmodels");
  await product.owner.query("insert into private.platform_admins select id from auth.users where email = $1", [EMAIL]);
  await (await accountMenu()).getByRole("menuitem", { name: "Models" }).click();
  await page.waitForURL(models);
  await expect(row("gpt-5-mini")).toContainText("$0.25");
  await expect(row("extractive")).toContainText("This installation’s own");
  await expect(page.getByText("Nobody has changed a model yet.")).toBeVisible();
  await expectAccessible(page);
});

test("the command menu leads there by name", async () => {
  await page.goto(settings);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("combobox", { name: "Search and commands" }).fill("platform models");
  await page.keyboard.press("Enter");
  await page.waitForURL(models);
});

test("a model is added; what does not fit is said at its field", async () => {
  await page.getByRole("button", { name: "Add model" }).click();
  await dialog().getByLabel("Provider").selectOption("compatible");
  await dialog().getByLabel("Name").fill("org/own model");
  await dialog().getByLabel("Size").selectOption("LLM");
  await dialog().getByLabel("Price in", { exact: true }).fill("cheap");
  await dialog().getByRole("button", { name: "Add model" }).click();
  await expect(dialog().getByText("Write the name as the provider does, without spaces.")).toBeVisible();
  await expect(dialog().getByText("Write dollars, such as 0.25; at most six decimals.").first()).toBeVisible();
  await expectAccessible(page);
  await dialog().getByLabel("Name").fill("org/own:70b");
  await dialog().getByLabel("Context in tokens").fill("32,768");
  await dialog().getByLabel("Price in", { exact: true }).fill("0.4");
  await dialog().getByLabel("Price out", { exact: true }).fill("1.2");
  await dialog().getByRole("button", { name: "Add model" }).click();
  await expect(page.getByText("Model added")).toBeVisible();
  await expect(row("org/own:70b")).toContainText("no key here");
  await expect(page.getByRole("listitem").filter({ hasText: "compatible/org/own:70b was added" })).toContainText(EMAIL);
});

test("a price is changed, and the record says from what to what", async () => {
  await page.getByRole("button", { name: "org/own:70b", exact: true }).click();
  await dialog().getByLabel("Price in", { exact: true }).fill("0.35");
  await dialog().getByRole("button", { name: "Save" }).click();
  await expect(row("org/own:70b")).toContainText("$0.35");
  await expect(page.getByText("Price in: $0.40 → $0.35")).toBeVisible();
});

test("a disabled model is offered no more, and one that is deleted is gone", async ({ product }) => {
  await page.getByRole("button", { name: "Actions for compatible/org/own:70b" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(row("org/own:70b")).toContainText("Disabled");
  await page.getByRole("button", { name: "Actions for compatible/org/own:70b" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog().getByRole("button", { name: "Delete model" }).click();
  await expect(row("org/own:70b")).toHaveCount(0);
  // The row goes before the server has answered.
  await expect
    .poll(async () => {
      const { rows } = await product.owner.query(
        "select before is null as added, after is null as removed from model_changes where model = 'org/own:70b' order by changed_at, id",
      );
      return rows.map(({ added, removed }) => (added ? "added" : removed ? "removed" : "changed"));
    })
    .toEqual(["added", "changed", "changed", "removed"]);
});

test("what agents may choose follows without a restart", async ({ product }) => {
  const offered = async () => {
    await page.goto(settings);
    return (await page.getByLabel("Model", { exact: true }).locator("option").allTextContents()).join("\n");
  };
  expect(await offered()).not.toContain("local/second");
  // By another process: this one reads it within seconds.
  await product.owner.query(
    "insert into models (provider, model, kind, context_tokens) values ('local', 'second', 'chat', 1000)",
  );
  try {
    await expect.poll(offered).toContain("local/second");
  } finally {
    await product.owner.query("delete from models where model = 'second'");
  }
});
