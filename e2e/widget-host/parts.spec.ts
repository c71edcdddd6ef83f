import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { buildWidget } from "../../components/widget/build";
import { AGENT, ANSWER, CITATIONS, PLAIN_ANSWER, streamAnswer } from "./fake-app";
import { expect, test } from "./fixtures";

test("a conversation that comes back and goes on, with sources and buttons, loads the chat and nothing besides", async ({
  page,
  host,
  app,
  chat,
}) => {
  const [visitor, conversation] = ["a".repeat(32), "00000000-0000-4000-8000-000000000001"];
  const createdAt = new Date().toISOString();
  app.store(conversation, visitor, [
    { id: "q", role: "visitor", text: "Before?", status: "complete", createdAt },
    { id: "a", role: "assistant", text: PLAIN_ANSWER, status: "complete", createdAt, citations: CITATIONS },
  ]);
  app.answer = (send) => streamAnswer(send, PLAIN_ANSWER);
  await page.addInitScript(([key, value]) => localStorage.setItem(key, value), [
    `alonchat:${AGENT}`,
    JSON.stringify({ visitor, conversation }),
  ] as const);
  await page.goto(`${host}/plain`);
  await chat.open();
  await expect(chat.log.locator(".sources")).toHaveCount(1);
  await chat.ask("How?");
  const answer = await chat.answer();
  await expect(answer.locator(".sources a")).toHaveCount(2);
  await expect(answer.getByRole("button", { name: "Good answer" })).toBeVisible();
  const modules = new Set(app.requests.filter((request) => request.startsWith("GET /widget/")));
  expect([...modules].map((request) => request.replace(/[A-F0-9]{8}/, "<hash>"))).toEqual([
    "GET /widget/v1/loader.js",
    "GET /widget/v1/widget.<hash>.js",
  ]);
});

test("a citation shows where it comes from, on hover and by keyboard, and Escape closes that first", async ({
  page,
  host,
  chat,
}) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  const answer = await chat.answer();
  const mark = answer.getByRole("link", { name: `Source 1: ${CITATIONS[0]!.title}` });
  const preview = chat.panel.locator(".preview");
  await mark.hover();
  await expect(preview).toContainText(CITATIONS[0]!.quote!);
  await expect(preview).toContainText("shop.northwind.test · How to return an item");
  await chat.panel.locator("header").hover();
  await expect(preview).toBeHidden();
  await mark.focus();
  await expect(preview).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include("alonchat-widget").analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(preview).toBeHidden();
  await expect(chat.panel).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the first tap on a citation shows it, and its link leads to the page", async ({
    page,
    host,
    context,
    chat,
  }) => {
    await page.goto(`${host}/plain`);
    await chat.bubble.tap();
    await chat.ask("How?");
    await (await chat.answer()).locator("a.cite").first().tap();
    await expect(chat.panel.locator(".preview").getByRole("link", { name: "Open the page" })).toHaveAttribute(
      "href",
      CITATIONS[0]!.url!,
    );
    expect(context.pages()).toHaveLength(1);
  });
});

test("an answer is judged, with a reason, and the judgement can be taken back", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  const answer = await chat.answer();
  const down = answer.getByRole("button", { name: "Bad answer" });
  await down.click();
  await expect(down).toHaveAttribute("aria-pressed", "true");
  const form = answer.getByRole("form", { name: "What was wrong with it?" });
  await form.getByLabel("Something is missing").check();
  await form.getByRole("textbox").fill("The cost for France");
  await form.getByRole("button", { name: "Send" }).click();
  await expect(answer).toContainText("Thank you.");
  await down.click();
  await expect(down).toHaveAttribute("aria-pressed", "false");
  await answer.getByRole("button", { name: "Good answer" }).click();
  await expect
    .poll(() => app.posted.map(({ body }) => body))
    .toEqual([
      { rating: "down" },
      { rating: "down", reason: "incomplete", comment: "The cost for France" },
      { rating: null },
      { rating: "up" },
    ]);
});

test("earlier conversations can be read again, and all data be deleted", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("One?");
  await chat.answer();
  await chat.panel.getByRole("button", { name: "New conversation" }).click();
  await chat.ask("Two?");
  await chat.answer();
  await chat.panel.getByRole("button", { name: "Earlier conversations" }).click();
  const list = chat.panel.getByRole("region", { name: "Earlier conversations" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  const { violations } = await new AxeBuilder({ page }).include("alonchat-widget").analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await list.getByRole("button", { name: /^One\?/ }).click();
  await expect(chat.log.locator(".me")).toHaveText(/One\?$/);
  await expect(chat.log).toContainText("30 days");

  await chat.panel.getByRole("button", { name: "Earlier conversations" }).click();
  await list.getByRole("button", { name: "Delete my data" }).click();
  await list.getByRole("button", { name: "Keep" }).click();
  expect(app.requests.filter((request) => request.startsWith("DELETE"))).toEqual([]);
  await list.getByRole("button", { name: "Delete my data" }).click();
  await list.getByRole("button", { name: "Delete everything" }).click();
  await expect(chat.log.locator(".me")).toHaveCount(0);
  await expect(list).toHaveCount(0);
  expect(app.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(1);
  expect(await chat.stored()).toEqual({});
});

test("with a consent text nothing is sent or stored before it is accepted, and the question goes out with it", async ({
  page,
  host,
  app,
  chat,
}) => {
  app.config = { ...app.config, consent: { text: "We store your questions for 30 days." } };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  const accept = chat.panel.getByRole("button", { name: "Accept and continue" });
  await expect(accept).toBeFocused();
  await expect(chat.field).toHaveValue("How?");
  expect(app.asked).toEqual([]);
  expect(await chat.stored()).toEqual({});
  await accept.click();
  await expect(await chat.answer()).toContainText("30 days");
  await expect(chat.field).toHaveValue("");
  await page.reload();
  await expect(chat.log).toContainText("30 days");
  await expect(accept).toHaveCount(0);
});

test("under attack the browser does the work it is asked for, and the question goes out", async ({
  page,
  host,
  app,
  chat,
  problems,
}) => {
  app.challenge = { salt: "pepper", difficultyBits: 10, expiresAt: 1, signature: "sig" };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(await chat.answer()).toContainText("30 days");
  expect(app.asked).toHaveLength(2);
  problems.splice(0);
});

test("an answer that comes while the panel is closed is counted on the bubble, and read when it opens", async ({
  page,
  host,
  app,
  chat,
}) => {
  let finish = () => {};
  app.answer = async (send) => {
    await send("delta", { text: ANSWER });
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    await send("done", { status: "complete", answerId: "a" });
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(chat.log).toContainText("30 days");
  await page.keyboard.press("Escape");
  finish();
  await expect(chat.bubble).toHaveAttribute("data-unread", "1");
  await expect(chat.bubble).toHaveAccessibleName("Open chat, 1 unread message");
  await chat.bubble.click();
  await expect(chat.bubble).toHaveAttribute("data-unread", "");
});

test("the agent's look: side, picture, words on the bubble, its own variables, a theme", async ({
  page,
  host,
  app,
  chat,
}) => {
  const avatarUrl = `${app.origin}/widget/avatar.png`;
  app.config = {
    ...app.config,
    ...{ position: "left", appearance: true, launcherText: "Ask us", theme: "dark", avatarUrl },
    variables: { "--alonchat-font": "monospace" },
  };
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  await page.route(avatarUrl, (route) => route.fulfill({ body: pixel, contentType: "image/png" }));
  await page.goto(`${host}/plain`);
  await chat.open();
  await expect(chat.panel.locator(".avatar img")).toBeVisible();
  await expect.poll(async () => (await chat.panel.boundingBox())!.x).toBe(20);
  expect((await chat.bubble.boundingBox())!.x).toBe(20);
  await expect(chat.bubble).toContainText("Ask us");
  await expect(chat.panel).toHaveCSS("background-color", "rgb(23, 24, 28)");
  await expect(chat.panel).toHaveCSS("font-family", "monospace");
});

test("the page's language and side take the place of the agent's", async ({ page, host, chat }) => {
  await page.goto(`${host}/german`);
  await chat.bubble.click();
  await expect(chat.panel.getByRole("textbox", { name: "Ihre Frage" })).toBeVisible();
  await expect(chat.bubble).toHaveAccessibleName("Chat schließen");
  await expect.poll(async () => (await chat.panel.boundingBox())!.x).toBe(20);
});

test("a snippet may ask for the widget with the page", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/eager`);
  await expect.poll(() => app.requests.some((request) => request.endsWith("/config"))).toBe(true);
  await expect(chat.bubble).toBeVisible();
  await expect(chat.panel).toBeHidden();
});

test("a pinned version runs as it was pinned; another widget in its place does not", async ({
  page,
  host,
  app,
  chat,
  widgetDir,
  problems,
}) => {
  const { pinned } = await buildWidget(widgetDir);
  const put = async () => {
    await page.goto(`${host}/nothing`);
    await page.evaluate(
      ([src, integrity, agent]) => {
        const script = document.createElement("script");
        Object.assign(script, { src, integrity, crossOrigin: "anonymous" });
        script.dataset.agent = agent;
        document.body.append(script);
      },
      [`${app.origin}/widget/${pinned.file}`, pinned.integrity, AGENT] as const,
    );
  };
  await put();
  await chat.open();
  await chat.ask("How?");
  await expect(await chat.answer()).toContainText("30 days");
  expect(app.requests.filter((request) => request.startsWith("GET /widget/v1/"))).toEqual([]);

  await appendFile(join(widgetDir, pinned.file.replace("loader.js", "widget.js")), "\n");
  await page.evaluate(() => localStorage.clear());
  await put();
  await chat.bubble.click();
  await expect.poll(() => problems.join("\n")).toContain("integrity");
  await expect(chat.panel).toHaveCount(0);
  await page.goto("about:blank");
  problems.splice(0);
  await buildWidget(widgetDir);
});
