import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, signUp, test } from "./stack";

/** A member changes what the agent says, looks at the difference, tries it, publishes it, and goes back. */
test.describe.configure({ mode: "serial" });

let page: Page;
let agent: string;
let publicId: string;
test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
});
test.afterAll(() => page.context().close());

const bar = () => page.getByRole("region", { name: "Versions" });

test("a change is a draft, which visitors do not see", async ({ product }) => {
  await signUp(page, product.appUrl, {
    workspace: "Version shop",
    email: "versions@example.test",
    password: "correct horse battery",
  });
  const { rows } = await product.owner.query(
    `insert into agents (tenant_id, name, allowed_domains) select id, 'Version agent', '{shop.test}' from tenants
     where slug = 'version-shop' returning id, public_id`,
  );
  agent = `${product.appUrl}/version-shop/agents/${rows[0].id}`;
  publicId = rows[0].public_id;
  await page.goto(`${agent}/settings`);
  await expect(bar()).toContainText("Version 1 is published");
  await expectAccessible(page);
  await page.getByLabel("Welcome message").fill("Welcome to the version shop.");
  await page.getByLabel("Tone").selectOption("friendly");
  await page.getByLabel("Add a language").selectOption("de");
  await page.getByLabel("Our team has opening hours").check();
  await page.getByLabel("Monday, closes").fill("08:00");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByText("Closing time must come after opening time.")).toBeVisible();
  await page.getByLabel("Monday, closes").fill("18:00");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(bar()).toContainText("4 settings unlike version 1");
  // The bar with "Save draft" lies over the form until its end is reached.
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await expectAccessible(page);
  expect(await welcome(product.appUrl)).not.toContain("version shop");
});

const welcome = async (appUrl: string): Promise<string> => {
  const response = await page.request.get(`${appUrl}/api/widget/v1/agents/${publicId}/config`, {
    headers: { origin: "https://shop.test" },
  });
  return (await response.json()).welcomeMessage;
};

test("the keyboard gets past what stands on every page, to what the page is about", async () => {
  await page.goto(`${agent}/settings`);
  await expect(page.getByLabel("Welcome message")).toBeVisible();
  for (const name of ["Skip to content", "Skip the agent’s tabs"]) {
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name })).toBeFocused();
    await page.keyboard.press("Enter");
  }
  await page.keyboard.press("Tab");
  await expect(bar().locator(":focus")).toHaveCount(1);
});

test("the difference is shown field by field", async () => {
  await bar().getByRole("link", { name: "Compare" }).click();
  await expect(page.getByText("4 settings differ")).toBeVisible();
  await expect(page.getByRole("insertion").filter({ hasText: "version shop" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Swap the two" }).click();
  await expect(page.getByRole("deletion").filter({ hasText: "version shop" })).toBeVisible();
});

test("what is published reaches visitors, and an older version is published again", async ({ product }) => {
  await page.goto(`${agent}/settings`);
  await bar().getByRole("button", { name: "Publish" }).click();
  await page.getByLabel("What is new").fill("A warmer welcome");
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(bar()).toContainText("Version 2 is published");
  expect(await welcome(product.appUrl)).toBe("Welcome to the version shop.");

  await bar().getByRole("link", { name: "Versions" }).click();
  const versions = page.getByRole("list", { name: "Versions" }).getByRole("listitem");
  await expect(versions.first()).toContainText("A warmer welcome");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Publish again version 1" }).click();
  await page.getByLabel("Why").fill("Too warm");
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(versions.first()).toContainText("again version 1");
  expect(await welcome(product.appUrl)).not.toContain("version shop");
});

test("what it says when it does not know is written in each language, and published like all it says", async ({
  product,
}) => {
  const inLanguage = (name: string) => page.getByRole("textbox", { name: `When it does not know, in ${name}` });
  await page.goto(`${agent}/settings`);
  await page.getByRole("textbox", { name: "When it does not know", exact: true }).fill("Call 555 0100.");
  // One language of answers needs no second sentence; a second one brings a field for each.
  await page.getByLabel("Add a language").selectOption("de");
  await expect(inLanguage("German")).toHaveCount(0);
  await page.getByLabel("Add a language").selectOption("fr");
  await expect(inLanguage("French")).toHaveAttribute("placeholder", "Call 555 0100.");
  await inLanguage("German").fill("Rufen Sie 555 0100 an.");
  await inLanguage("French").fill("Appelez le 555 0100.");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Remove the words in French" }).click();
  await expect(inLanguage("French")).toHaveValue("");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(bar()).toContainText("settings unlike version");
  await page.reload();
  await expect(inLanguage("German")).toHaveValue("Rufen Sie 555 0100 an.");
  await bar().getByRole("button", { name: "Publish" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(bar()).toContainText("is published");
  expect(await unknownIn(product.appUrl, "Wie lange dauert die Garantie?")).toContain("Rufen Sie 555 0100 an.");
  expect(await unknownIn(product.appUrl, "Combien de temps dure la garantie ?")).toContain("Call 555 0100.");
});

/** What a visitor reads who asks for what nobody wrote down. */
const unknownIn = async (appUrl: string, text: string): Promise<string> => {
  const response = await page.request.post(`${appUrl}/api/widget/v1/agents/${publicId}/messages`, {
    headers: { origin: "https://shop.test", "x-alonchat-visitor": "0123456789abcdef0123456789abcdef" },
    data: { conversationId: randomUUID(), messageId: randomUUID(), text },
  });
  return response.text();
};

test("of two who edit at once the second is told, sees what the first saved, and loses nothing of their own", async () => {
  await page.goto(`${agent}/settings`);
  const other = await page.context().newPage();
  await other.goto(`${agent}/settings`);
  await other.getByLabel("Instructions").fill("Prices are in euro.");
  await other.getByRole("button", { name: "Save draft" }).click();
  await expect(other.getByText("Unpublished changes")).toBeVisible();
  await other.close();
  await page.getByLabel("Tone").selectOption("formal");
  await page.getByRole("button", { name: "Save draft" }).click();
  const told = page.getByRole("status").filter({ hasText: "Somebody saved or published meanwhile." });
  await expect(told).toBeInViewport();
  await expect(page.getByLabel("Instructions")).toHaveValue("Prices are in euro.");
  await expect(page.getByLabel("Tone")).toHaveValue("formal");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(bar()).toContainText("2 settings unlike version");
  await bar().getByRole("button", { name: "Discard" }).click();
  await expect(bar()).toContainText("is published");
});

test("two versions answer one question side by side", async () => {
  await page.goto(`${agent}/playground`);
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("textbox", { name: "Question" }).fill("How long is the warranty?");
  await page.getByRole("button", { name: "Ask" }).click();
  const conversation = page.getByRole("region", { name: "Conversation" });
  await expect(conversation.getByText("confidence 0.00")).toHaveCount(2);
  await conversation.getByRole("button", { name: "How it came about" }).last().click();
  await expect(page.getByRole("dialog")).toContainText("Version 3");
  await expectAccessible(page);
});

test("the evaluation's minimum keeps a draft from being published", async ({ product }) => {
  await product.owner.query(
    `insert into eval_sets (tenant_id, agent_id, name, min_pass_rate)
     select tenant_id, id, 'Before publishing', 0.9 from agents where public_id = $1`,
    [publicId],
  );
  await page.goto(`${agent}/settings`);
  await page.getByLabel("Tone").selectOption("brief");
  await page.getByRole("button", { name: "Save draft" }).click();
  await bar().getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("dialog")).toContainText("Run “Before publishing” on the draft.");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Publish", exact: true })).toBeDisabled();
});

test("who publishes past the evaluation says why, and the history keeps it with what was not reached", async () => {
  const dialog = page.getByRole("dialog");
  const publish = dialog.getByRole("button", { name: "Publish anyway" });
  await publish.click();
  await expect(publish).toBeDisabled();
  await dialog.getByLabel("Why publish it anyway").fill("The tests expect last year’s prices.");
  await expectAccessible(page);
  await publish.click();
  await expect(bar()).toContainText("is published");
  await bar().getByRole("link", { name: "Versions" }).click();
  const versions = page.getByRole("list", { name: "Versions" }).getByRole("listitem");
  await expect(versions.first()).toContainText(
    "Published past the evaluation: The tests expect last year’s prices.“Before publishing” had not run on it",
  );
  await expectAccessible(page);
  // Going back in a hurry is not kept from anybody either.
  await page.getByRole("button", { name: "Publish again version 1" }).click();
  await dialog.getByLabel("Why").fill("In a hurry");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog).toContainText("The evaluation does not allow publishing");
  await expect(dialog.getByLabel("Why"), "what was written stays").toHaveValue("In a hurry");
  await dialog.getByLabel("Why publish it anyway").fill("Visitors are told nonsense.");
  await publish.click();
  await expect(versions.first()).toContainText("Published past the evaluation: Visitors are told nonsense.");
});
