import { ANSWER, CITATIONS, type Send, streamAnswer } from "./fake-app";
import { type Chat, expect, test } from "./fixtures";

declare global {
  interface Window {
    /** The sum of all layout shifts. */
    shifts: number;
  }
}

/** A promise and the function that resolves it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test("nothing is fetched before the first interest, and nothing is stored before the first question", async ({
  page,
  host,
  app,
  chat,
}) => {
  await page.goto(`${host}/plain`);
  await expect(chat.bubble).toBeVisible();
  expect(app.requests).toEqual(["GET /widget/v1/loader.js"]);
  await chat.bubble.hover();
  await expect.poll(() => app.requests.length).toBe(2);
  expect(app.requests[1]).toMatch(/^GET \/widget\/v1\/widget\.\w{8}\.js$/);
  await chat.open();
  expect(app.requests.slice(2)).toEqual([expect.stringMatching(/^GET .+\/config$/)]);
  expect(await chat.stored()).toEqual({});
  await chat.ask("How?");
  await chat.answer();
  const { visitor, conversation, ...rest } = JSON.parse(Object.values(await chat.stored())[0]!);
  expect(visitor).toMatch(/^[0-9a-f]{32}$/);
  expect(rest).toEqual({ open: true, accent: app.config.accentColor, queue: [] });
  expect(app.asked).toMatchObject([{ visitor, conversationId: conversation, origin: host, text: "How?" }]);
  expect(await page.context().cookies()).toEqual([]);
});

test("the layout of the page does not move", async ({ page, host, chat }) => {
  await page.addInitScript(() => {
    Object.assign(window, { shifts: 0 });
    new PerformanceObserver((list) => {
      const entries = list.getEntries() as (PerformanceEntry & { value: number; sources: { node: Node | null }[] })[];
      // Of the page: what moves within the panel while an answer grows is the chat's own.
      for (const { value, sources } of entries) {
        if (sources.some(({ node }) => node && document.contains(node))) window.shifts += value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await chat.answer();
  expect(await page.evaluate(() => window.shifts)).toBe(0);
});

test("an answer streams in, and its citations lead to their pages", async ({ page, host, app, chat }) => {
  const half = gate();
  app.answer = async (send: Send) => {
    await send("delta", { text: ANSWER.slice(0, 120) });
    await half.opened;
    await streamAnswer(send, ANSWER.slice(120));
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.panel.getByRole("button", { name: "How do I return a jacket?" }).click();
  await expect(chat.log.locator("strong")).toHaveText("30 days");
  const mark = chat.log.locator("p .cite");
  await expect(mark).toHaveAttribute("data-number", "1");
  await expect(chat.log.getByRole("link")).toHaveCount(0);
  half.open();

  const answer = await chat.answer();
  const [first, second] = CITATIONS as [(typeof CITATIONS)[0], (typeof CITATIONS)[0]];
  const inText = answer.getByRole("link", { name: `Source 1: ${first.title}` });
  await expect(inText).toHaveAttribute("href", first.url!);
  for (const link of await answer.getByRole("link").all()) {
    await expect(link).toHaveAttribute("target", "_blank");
    // Which is `noopener`, too.
    await expect(link).toHaveAttribute("rel", "noreferrer");
  }
  const sources = answer.locator(".sources a");
  await expect(sources).toHaveCount(2);
  await expect(sources.nth(0)).toContainText(`${first.title}shop.northwind.test · ${first.heading}`);
  await expect(sources.nth(1)).toContainText(second.title);
  await expect(answer.locator("ol > li")).toHaveCount(3);
  await expect(answer.getByRole("table").locator("tr")).toHaveCount(3);
});

test("a source that cannot be opened is named, and is no link", async ({ page, host, app, chat }) => {
  app.answer = (send) =>
    streamAnswer(send, "The pump is covered for two years [1].", [
      { number: 1, url: null, title: "Sill manual.pdf", heading: "Warranty · p. 12", quote: null },
    ]);
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("Is the pump covered?");
  const answer = await chat.answer();
  await expect(answer.getByRole("button", { name: "Source 1: Sill manual.pdf" })).toBeVisible();
  await expect(answer.locator(".sources li")).toHaveText("Sill manual.pdfWarranty · p. 12");
  await expect(answer.getByRole("link")).toHaveCount(0);
});

test("the reader keeps the place: a long answer is followed until the reader scrolls away", async ({
  page,
  host,
  app,
  chat,
}) => {
  const steps = [gate(), gate()] as const;
  const lines = (from: number) => Array.from({ length: 40 }, (_, i) => `Line ${from + i}.\n\n`).join("");
  app.answer = async (send) => {
    await send("delta", { text: lines(0) });
    await steps[0].opened;
    await send("delta", { text: lines(40) });
    await steps[1].opened;
    await streamAnswer(send, lines(80), []);
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("Long?");
  await expect(chat.log.getByText("Line 39.")).toBeInViewport();
  steps[0].open();
  await expect(chat.log.getByText("Line 79.")).toBeInViewport();
  await chat.log.evaluate((log) => log.scrollTo(0, 0));
  steps[1].open();
  await chat.answer();
  await expect(chat.log.getByText("Line 119.")).not.toBeInViewport();
  await expect(chat.log.getByText("Line 0.")).toBeInViewport();
});

test("stop ends the answer on the server too, and keeps what is there", async ({ page, host, app, chat }) => {
  app.answer = async (send) => {
    await send("delta", { text: "Half an" });
    await new Promise(() => {});
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(chat.log).toContainText("Half an");
  await chat.panel.getByRole("button", { name: "Stop answering" }).click();
  await expect(await chat.answer()).toContainText("You stopped this answer.");
  await expect(chat.panel.getByRole("button", { name: "Send" })).toBeVisible();
  await expect.poll(() => app.stopped).toBe(true);
});

test("the conversation is there again after a reload, and open", async ({ page, host, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await chat.answer();
  await page.reload();
  await expect(chat.log).toContainText("30 days");
  await expect(chat.log.locator(".me")).toHaveText(/How\?$/);
  await expect(chat.log.getByRole("link", { name: /^Source 2/ })).toHaveAttribute("href", CITATIONS[1]!.url!);
  expect(await page.evaluate(() => document.activeElement?.tagName), "nobody asked for the focus").toBe("BODY");
  await chat.panel.getByRole("button", { name: "Close chat" }).click();
  await page.reload();
  await expect(chat.bubble).toBeVisible();
  await expect(chat.panel).toHaveCount(0);
});

test("the history belongs to the visitor's key", async ({ page, host, app, chat, problems }) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await chat.answer();
  await page.evaluate(() => {
    const [key, value] = Object.entries(localStorage)[0]!;
    localStorage.setItem(key, value.replace(/"visitor":"\w+"/, `"visitor":"${"0".repeat(32)}"`));
  });
  await page.reload();
  await expect(chat.log).toContainText(app.config.welcomeMessage);
  await expect(chat.log.locator(".me")).toHaveCount(0);
  expect(await chat.log.textContent()).not.toContain("30 days");
  // Browsers print every refused request.
  expect(problems.splice(0)).toEqual([expect.stringContaining("404")]);
});

test("a new conversation starts from the welcome, under another id", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  const anew = chat.panel.getByRole("button", { name: "New conversation" });
  await expect(anew).toBeHidden();
  await chat.ask("One?");
  await chat.answer();
  await anew.click();
  await expect(chat.log.locator(".me")).toHaveCount(0);
  await expect(chat.panel.getByRole("button", { name: "How do I return a jacket?" })).toBeVisible();
  await chat.ask("Two?");
  await chat.answer();
  const [one, two] = app.asked as [(typeof app.asked)[0], (typeof app.asked)[0]];
  expect(two.conversationId).not.toBe(one.conversationId);
  expect(two.visitor).toBe(one.visitor);
});

test("an answer is copied as text, without the marks of its citations", async ({ page, host, context, chat }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await (await chat.answer()).getByRole("button", { name: "Copy" }).click();
  await expect(chat.panel.getByRole("button", { name: "Copied" })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(
    /^You can return any item within 30 days of delivery, as long as it is in its original condition\. ?\n/,
  );
  expect(copied).toContain("Germany\tfree");
});

async function fieldOf(chat: Chat, host: string) {
  await chat.page.goto(`${host}/plain`);
  await chat.open();
  return chat.field;
}

test("Shift+Enter starts a line, Enter sends, and the field grows with its text", async ({ host, app, chat }) => {
  const field = await fieldOf(chat, host);
  const height = async () => (await field.boundingBox())!.height;
  const before = await height();
  await field.pressSequentially("one");
  await field.press("Shift+Enter");
  await field.pressSequentially("two");
  expect(await height()).toBeGreaterThan(before + 10);
  await field.press("Enter");
  await chat.answer();
  expect(app.asked[0]!.text).toBe("one\ntwo");
  expect(await height()).toBe(before);
});

test("Enter that confirms a word of an input method does not send", async ({ host, app, chat }) => {
  const field = await fieldOf(chat, host);
  await field.fill("か");
  await field.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, composed: true });
  await field.dispatchEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, composed: true });
  expect(await field.inputValue()).toBe("か");
  await field.press("Enter");
  await chat.answer();
  expect(app.asked).toHaveLength(1);
});

test("a question cannot be longer than the server takes, and the length shows in time", async ({ host, chat }) => {
  const field = await fieldOf(chat, host);
  await field.fill("x".repeat(1700));
  await expect(chat.panel.getByText("/ 2000")).toHaveCount(0);
  await field.evaluate((element: HTMLTextAreaElement) => element.focus());
  await field.fill("x".repeat(1900));
  await expect(chat.panel.getByText("1900 / 2000")).toBeVisible();
  await expect(field).toHaveAttribute("maxlength", "2000");
});
