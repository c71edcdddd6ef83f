import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, signUp, test } from "./stack";

/** What an answer says and its sources do not is marked where visitors read it. The model here never invents, so the stream is given. */
let host: Server;
let visitor: Page;

test.beforeAll(async ({ browser, product }) => {
  const member = await (await browser.newContext()).newPage();
  await signUp(member, product.appUrl, {
    workspace: "Check house",
    email: "checks@example.test",
    password: "correct horse battery",
  });
  await member.context().close();
  const { rows } = await product.owner.query(
    "insert into agents (tenant_id, name, allowed_domains) select id, 'Checker', array['127.0.0.1'] from tenants where slug = 'check-house' returning public_id",
  );
  host = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(
      `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1><script async src="${product.appUrl}/widget/v1/loader.js" data-agent="${rows[0].public_id}"></script>`,
    );
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
});
test.beforeEach(async ({ browser }) => {
  visitor = await (await browser.newContext()).newPage();
});
test.afterEach(() => visitor.context().close());
test.afterAll(async () => {
  host.closeAllConnections();
  await new Promise((resolve) => host.close(resolve));
});

interface Given {
  start: number;
  end: number;
  kind: string;
  items: string[];
}

/** Asks, and is answered with this. */
async function answered(text: string, checks: Given[]): Promise<void> {
  const ids = { conversationId: crypto.randomUUID(), messageId: crypto.randomUUID(), answerId: crypto.randomUUID() };
  const events: [string, unknown][] = [
    ["start", ids],
    ...(checks.length > 0 ? [["checks", { checks }] as [string, unknown]] : []),
    ["delta", { text }],
    ["citations", { citations: [] }],
    ["done", { status: "complete", answerId: ids.answerId }],
  ];
  await visitor.route("**/messages", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      headers: { "access-control-allow-origin": "*" },
      body: events.map(([event, data], id) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
    }),
  );
  await visitor.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
  await visitor.getByRole("button", { name: "Open chat" }).click();
  await visitor.getByRole("dialog").getByRole("textbox").fill("What does delivery cost?");
  await visitor.keyboard.press("Enter");
  await expect(visitor.getByRole("log")).toContainText(text.replace(/[*[\]]/g, "").slice(0, 12));
}

/** The words that are underlined. */
const marked = () =>
  visitor.evaluate(() => [...(CSS.highlights.get("alonchat-unsupported") ?? [])].map((range) => `${range}`));

test("what the sources do not hold is underlined in the text and said below it", async () => {
  const text = "Delivery is **quick**. Delivery costs *12.50* euros [1]. Delivery costs 12.50 euros.";
  const second = text.lastIndexOf("Delivery costs");
  await answered(text, [
    { start: second, end: text.length, kind: "figure", items: ["12.50 euros"] },
    { start: 0, end: text.indexOf(" Delivery costs"), kind: "support", items: [] },
    { start: 0, end: 5, kind: "link", items: [] },
  ]);
  await expect.poll(marked).toEqual(["Delivery costs 12.50 euros", "Delivery is quick", "Deliv"]);
  const note = visitor.getByText("Not in the sources");
  await expect(note).toBeVisible();
  await expect(note.locator("..")).toHaveText("Not in the sources: 12.50 euros · Delivery is quick.");
  const where = await visitor.evaluate(
    () => ([...CSS.highlights.get("alonchat-unsupported")!][0] as Range).startContainer.textContent,
  );
  expect(where, "of two sentences that say the same it is the second").toBe(". Delivery costs 12.50 euros.");
  await expectAccessible(visitor);
});

test("an answer that its sources hold has no mark, and nothing is fetched for it", async () => {
  const fetched: string[] = [];
  visitor.on("request", (request) => fetched.push(request.url()));
  await answered("Delivery costs 4.90 euros.", []);
  await expect(visitor.getByRole("log").getByText("Delivery costs 4.90 euros.")).toBeVisible();
  expect(await marked()).toEqual([]);
  await expect(visitor.getByText("Not in the sources")).toHaveCount(0);
  expect(fetched.filter((url) => url.includes("/parts/marks."))).toEqual([]);
});
