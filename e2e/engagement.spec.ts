import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "@playwright/test";
import { expect, expectAccessible, signUp, test } from "./stack";

/** What the chat does beside answers: a person takes over and both sides see it live; contact form, first messages. */
test.describe.configure({ mode: "serial" });

let page: Page;
let agent: string;
let publicId: string;
let host: string;
let shop: Server;

test.beforeAll(async ({ browser, product }) => {
  // A page of another origin, with the snippet.
  shop = createServer((_request, response) => {
    const snippet = `<script async src="${product.appUrl}/widget/v1/loader.js" data-agent="${publicId}" data-load="eager"></script>`;
    response.setHeader("content-type", "text/html");
    response.end(
      `<!doctype html><html lang="en"><title>Shop</title><meta name="viewport" content="width=device-width"><h1>Shop</h1><p style="height:2000px">Lamps</p>${snippet}</html>`,
    );
  });
  await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
  host = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
});
test.afterAll(async () => {
  await page.context().close();
  shop.closeAllConnections();
  shop.close();
});

/** A visitor with a browser of their own, on a page of the shop. */
async function visitor(browser: Browser, options: Parameters<Browser["newContext"]>[0] = {}) {
  const own = await (await browser.newContext(options)).newPage();
  await own.goto(`${host}/lamps`);
  const panel = own.locator("alonchat-widget dialog");
  return {
    own,
    panel,
    open: () => own.getByRole("button", { name: "Open chat" }).click(),
    say: async (text: string) => {
      await panel.locator("textarea").first().fill(text);
      await panel.locator("textarea").first().press("Enter");
    },
  };
}

test("an admin switches the parts on", async ({ product }) => {
  await signUp(page, product.appUrl, {
    workspace: "Parts shop",
    email: "grace.hopper@example.test",
    password: "correct horse battery",
  });
  const { rows } = await product.owner.query(
    `insert into agents (tenant_id, name, allowed_domains)
       select id, 'Lumen help', array[$1] from tenants where slug = 'parts-shop' returning id, public_id`,
    [new URL(host).host],
  );
  publicId = rows[0].public_id;
  agent = `${product.appUrl}/parts-shop/agents/${rows[0].id}`;
  await page.goto(`${agent}/engagement`);
  for (const name of [
    "Visitors may ask for a person",
    "Ask how it was",
    "Visitors may send files",
    "Ask visitors how to reach them",
  ])
    await page.getByRole("switch", { name }).click();
  await page.getByLabel("When").selectOption("on_handover");
  await page.getByRole("button", { name: "Add a message" }).click();
  await page
    .getByRole("group", { name: "Message 1" })
    .getByLabel("Message", { exact: true })
    .fill("Shall I help you find a lamp?");
  await page.getByLabel("After seconds").fill("2");
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  expect((await asked).type(), "nobody leaves over what is not saved unasked").toBe("beforeunload");
  await (await asked).dismiss();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("switch", { name: "Ask how it was" })).toBeChecked();
});

test("the agent speaks first, once a visit, and goes when it is dismissed", async ({ browser }) => {
  const { own } = await visitor(browser);
  const words = own.getByRole("button", { name: "Shall I help you find a lamp?" });
  await expect(words).toBeVisible();
  await own.getByRole("button", { name: "Dismiss this message" }).click();
  await expect(words).toBeHidden();
  await own.reload();
  await own.waitForTimeout(4_000);
  await expect(words).toBeHidden();
  await own.context().close();
});

test("a visitor asks for a person, leaves contact details, and talks to them live", async ({ browser }) => {
  test.setTimeout(240_000); // two browsers and a person, on whatever machine this is
  const { own, panel, open, say } = await visitor(browser);
  const sockets: string[] = [];
  own.on("websocket", (socket) => sockets.push(socket.url()));
  await open();
  await say("Do you repair lamps?");
  await expect(panel.getByRole("button", { name: "Talk to a person" }).last()).toBeVisible();
  await panel.locator(".offer button").click();
  await expect(panel).toContainText("You are waiting for a person.");
  await panel.getByLabel("E-mail").fill("not an address");
  await panel.getByRole("button", { name: "Send" }).first().click();
  await expect(panel).toContainText("This is not an e-mail address.");
  await panel.getByLabel("E-mail").fill("ada@example.test");
  await panel.getByRole("button", { name: "Send" }).first().click();
  await expect(panel).toContainText("Please agree");
  await panel.getByLabel("I agree that you keep these details to answer me.").check();
  await expectAccessible(own);
  await panel.getByRole("button", { name: "Send" }).first().click();
  await expect(panel).toContainText("Thank you. We will get back to you.");

  await page.goto(`${agent}/conversations`);
  await expect(page.getByRole("navigation", { name: "Agent", exact: true })).toContainText("1");
  await page.getByRole("region", { name: "With people" }).getByRole("link").click();
  await expect(page.getByText("Waiting for a person", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Take over" }).click();
  await expect(page.getByLabel("Your name")).toHaveValue("Grace");
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Take over" }).click();
  await expect(panel).toContainText("Grace has joined the conversation.");
  expect(sockets.some((url) => url.includes("/realtime/v1/websocket"))).toBe(true);

  const reply = page.getByLabel("Your reply");
  await reply.pressSequentially("Hello", { delay: 30 });
  await expect(panel).toContainText("Grace is typing…");
  await reply.fill("Hello, this is Grace. Yes, we repair them.");
  await reply.press("Enter");
  await expect(panel.getByRole("log")).toContainText("Hello, this is Grace. Yes, we repair them.");
  await expect(panel).toContainText("Grace has joined");

  await panel.locator("textarea").first().pressSequentially("What", { delay: 30 });
  await expect(page.getByText("The visitor is typing…")).toBeVisible();
  await say("What does it cost?");
  await expect(page.getByRole("article", { name: "Conversation" })).toContainText("What does it cost?");
  await expect(panel.locator(".waiting, .streaming")).toHaveCount(0);
  await own.context().close();
});
