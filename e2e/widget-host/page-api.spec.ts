import { AGENT, OTHER_AGENT } from "./fake-app";
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
  // A browser tells that a dialog was closed a moment after it is gone.
  const closed = (times: number) =>
    expect.poll(() => page.evaluate(() => window.seen.filter((event) => event === "close").length)).toBe(times);
  await page.evaluate(() => window.alonchat!("close"));
  await expect(chat.panel).toBeHidden();
  await closed(1);
  await page.evaluate(() => window.alonchat!("toggle"));
  await expect(chat.panel).toBeVisible();
  await page.evaluate(() => window.alonchat!("toggle"));
  await expect(chat.panel).toBeHidden();
  await closed(2);
  await page.evaluate(() => window.alonchat!("open"));
  await expect
    .poll(() => page.evaluate(() => window.seen))
    .toEqual([
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

test("what the page tells of its visitor is sent once there is a conversation, again for another one, and for nobody else", async ({
  page,
  host,
  app,
  chat,
}) => {
  const told = () => app.posted.filter(({ path }) => path === "conversations/context").map(({ body }) => body);
  await page.goto(`${host}/plain`);
  await chat.bubble.waitFor();
  await page.evaluate(() => window.alonchat!("setContext", { plan: "pro", seats: 12, trial: true }));
  await chat.open();
  expect(told()).toEqual([]);
  await chat.ask("How?");
  await chat.answer();
  await expect.poll(told).toEqual([{ context: { plan: "pro", seats: 12, trial: true } }]);
  await page.evaluate(() => window.alonchat!("setContext", { seats: 13, trial: null }));
  await expect.poll(() => told().length).toBe(2);
  expect(told()[1]).toEqual({ context: { plan: "pro", seats: 13 } });
  await chat.panel.getByRole("button", { name: "New conversation" }).click();
  await chat.ask("And another?");
  await chat.answer();
  await expect.poll(() => told().length).toBe(3);
  // Signed out: the next person is somebody else.
  await page.evaluate(() => window.alonchat!("identify", null));
  await chat.ask("Who am I?");
  await chat.answer();
  expect(told()).toHaveLength(3);
  expect(JSON.stringify(await chat.stored())).not.toContain("pro");
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

test("a listener that was taken off hears nothing more", async ({ page, host, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.bubble.waitFor();
  await page.evaluate(() => {
    window.seen = [];
    const listener = () => void window.seen.push("open");
    window.alonchat!("on", "open", listener);
    window.alonchat!("open");
    window.alonchat!("off", "open", listener);
    window.alonchat!("close");
    window.alonchat!("open");
  });
  await expect(chat.field).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.seen)).toEqual(["open"]);
});

test("who is signed in is told with every request, and signing out forgets the conversation", async ({
  page,
  host,
  app,
  chat,
}) => {
  await page.goto(`${host}/plain`);
  await chat.bubble.waitFor();
  await page.evaluate(() => window.alonchat!("identify", { userId: "u1", userHash: "ab12" }));
  await page.evaluate(() => window.alonchat!("sendMessage", "How?"));
  await chat.answer();
  const asked = app.headers[app.requests.findIndex((request) => /^POST .*messages$/.test(request))]!;
  expect(asked).toMatchObject({ "x-alonchat-user": "u1", "x-alonchat-user-hash": "ab12" });
  await page.evaluate(() => window.alonchat!("identify", { token: "a.b.c" }));
  await chat.ask("And?");
  await expect(chat.log.locator(".complete")).toHaveCount(2);
  const second = app.headers[app.requests.findLastIndex((request) => /^POST .*messages$/.test(request))]!;
  expect(second["x-alonchat-identity"]).toBe("a.b.c");
  expect(second["x-alonchat-user"]).toBeUndefined();
  await page.evaluate(() => window.alonchat!("identify", null));
  await expect(chat.log.locator(".me")).toHaveCount(0);
  expect(await chat.stored()).toEqual({});
});

test("two agents on a page have a chat each, and each its own commands", async ({ page, host, chat }) => {
  await page.goto(`${host}/two`);
  await expect(page.locator("alonchat-widget")).toHaveCount(2);
  const [first, second] = [page.locator("alonchat-widget").nth(0), page.locator("alonchat-widget").nth(1)];
  await expect(first.locator(".bubble")).toBeVisible();
  await page.evaluate((agent) => window.alonchat!.agents![agent]!("open"), OTHER_AGENT);
  await expect(page.locator("alonchat-widget dialog[open]")).toHaveCount(1);
  const lefts = await Promise.all(
    [first, second].map(async (host_) => (await host_.locator(".bubble").boundingBox())!.x),
  );
  expect(Math.min(...lefts)).toBe(20);
  await page.evaluate((agent) => window.alonchat!.agents![agent]!("destroy"), AGENT);
  await expect(page.locator("alonchat-widget")).toHaveCount(1);
  await page.evaluate(() => window.alonchat!("close"));
  await expect(page.locator("alonchat-widget dialog[open]")).toHaveCount(0);
  await page.evaluate(() => window.alonchat!("destroy"));
  expect(await page.evaluate(() => "alonchat" in window)).toBe(false);
  void chat;
});

test("inline the chat stands where the snippet does, fills its place, and takes no focus", async ({
  page,
  host,
  chat,
}) => {
  await page.goto(`${host}/inline`);
  await expect(chat.log).toContainText("Ask me anything");
  const place = (await page.locator("#place").boundingBox())!;
  expect(await chat.panel.boundingBox()).toMatchObject({ x: place.x, y: place.y, width: 360, height: 500 });
  await expect(chat.bubble).toHaveCount(0);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
  await chat.ask("How?");
  await expect(await chat.answer()).toContainText("30 days");
  await chat.field.press("Escape");
  await expect(chat.panel).toBeVisible();
});

test("in an application of one page the chat stays over a change of address", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/spa`);
  await chat.open();
  await chat.ask("How?");
  await chat.answer();
  await page.getByRole("button", { name: "Page 2" }).click();
  await expect(page.locator("main")).toHaveText("Page 2");
  await expect(chat.log).toContainText("30 days");
  expect(app.requests.filter((request) => request.endsWith("loader.js"))).toHaveLength(1);
});
