import { expect, test } from "./fixtures";

declare global {
  interface Window {
    /** Events of the widget, in order. */
    seen: unknown[];
  }
}

test("commands given to the stub before the loader came are carried out", async ({ page, host, chat }) => {
  await page.goto(`${host}/stub`);
  await expect(chat.field).toBeVisible();
});

test("open, close, toggle and send, with events", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.bubble.waitFor();
  await page.evaluate(() => {
    window.seen = [];
    for (const name of ["ready", "open", "close", "message"] as const) {
      window.alonchat!("on", name, (detail) => {
        const { role, text } = (detail ?? {}) as { role?: string; text?: string };
        window.seen.push(role ? [name, role, text] : name);
      });
    }
    window.alonchat!("send", "How?");
  });
  await chat.answer();
  expect(app.asked).toMatchObject([{ text: "How?" }]);
  await page.evaluate(() => window.alonchat!("close"));
  await expect(chat.panel).toBeHidden();
  await page.evaluate(() => window.alonchat!("toggle"));
  await expect(chat.panel).toBeVisible();
  await page.evaluate(() => window.alonchat!("toggle"));
  await page.evaluate(() => window.alonchat!("open"));
  expect(await page.evaluate(() => window.seen)).toEqual([
    "open",
    "ready",
    ["message", "visitor", "How?"],
    ["message", "assistant", expect.stringContaining("30 days")],
    "close",
    "open",
    "close",
    "open",
  ]);
});

test("destroy leaves nothing behind, and the snippet can come again", async ({ page, host, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await page.evaluate(() => window.alonchat!("destroy"));
  await expect(page.locator("alonchat-widget")).toHaveCount(0);
  expect(await page.evaluate(() => "alonchat" in window)).toBe(false);
  await page.evaluate(() => {
    const old = document.querySelector<HTMLScriptElement>("script[data-agent]")!;
    const script = document.createElement("script");
    script.src = old.src;
    script.dataset.agent = old.dataset.agent;
    document.head.append(script);
  });
  await chat.open();
});

test("the snippet standing twice makes one chat", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/twice`);
  await chat.open();
  await expect(page.locator("alonchat-widget")).toHaveCount(1);
  expect(app.requests.filter((request) => request.endsWith("/config"))).toHaveLength(1);
});
