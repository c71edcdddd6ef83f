import { AGENT, ANSWER } from "./fake-app";
import { expect, test } from "./fixtures";

const MODULE_OR_STATUS = /Failed to load resource/;

/** Browsers print every refused request; anything else in the console is ours. */
function ours(problems: string[]): string[] {
  return problems.splice(0).filter((problem) => !MODULE_OR_STATUS.test(problem));
}

test("on a domain that is not allowed the owner reads why, and visitors see no chat", async ({
  page,
  host,
  app,
  chat,
  problems,
}) => {
  app.allowedOrigins = ["https://shop.northwind.test"];
  await page.goto(`${host}/plain`);
  await chat.bubble.click();
  await expect(page.locator("alonchat-widget")).toHaveCount(0);
  expect(ours(problems)).toEqual([
    `AlonChat: this page's domain (${new URL(host).host}) is not among the allowed domains of agent ${AGENT}; add it in the dashboard under Install → Allowed domains`,
  ]);
  expect(await chat.stored()).toEqual({});
});

test("a domain that is taken off the list while a page is open ends there too", async ({
  page,
  host,
  app,
  chat,
  problems,
}) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  app.refuse = [{ status: 403, code: "origin_not_allowed" }];
  await chat.ask("How?");
  await expect(page.locator("alonchat-widget")).toHaveCount(0);
  expect(ours(problems)).toHaveLength(1);
});

test("an agent that does not exist: the visitor reads that it is away, the owner where to look", async ({
  page,
  host,
  chat,
  problems,
}) => {
  await page.goto(`${host}/unknown-agent`);
  await chat.bubble.click();
  await expect(chat.log).toContainText("The assistant is not available right now.");
  expect(ours(problems)).toEqual(["AlonChat: agent ag_nosuchagent is not available; check data-agent in the snippet"]);
});

test("a cut answer is kept, and a retry asks the same question and shows its answer once", async ({
  page,
  host,
  app,
  chat,
  problems,
}) => {
  const whole = app.answer;
  let cut = () => {};
  app.answer = async (send, _, response) => {
    await send("delta", { text: ANSWER.slice(0, 110) });
    await new Promise<void>((resolve) => {
      cut = resolve;
    });
    response.destroy();
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(chat.log).toContainText("You can return any item");
  cut();
  const failed = await chat.answer();
  await expect(failed).toContainText("You can return any item");
  await expect(failed).toContainText("The connection was lost. Your question is kept.");
  await expect(failed).not.toContainText("[1]");
  app.answer = whole;
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(chat.log.locator(".complete")).toHaveCount(1);
  expect(app.asked[1]).toEqual(app.asked[0]);
  expect(app.stored(app.asked[0]!.conversationId).map(({ role }) => role)).toEqual(["visitor", "assistant"]);
  expect((await chat.log.textContent())!.match(/You can return any item/g)).toHaveLength(1);
  expect(ours(problems)).toEqual([]);
});

test("too many questions: the time left counts down, then the question can be sent", async ({
  page,
  host,
  app,
  chat,
  problems,
}) => {
  app.refuse = [{ status: 429, code: "rate_limited", retryAfterMs: 40_000 }];
  await page.clock.install();
  await page.goto(`${host}/plain`);
  await page.clock.runFor(1000);
  await chat.open();
  await chat.ask("How?");
  const retry = chat.panel.getByRole("button", { name: "Try again" });
  await expect(retry).toBeDisabled();
  await expect(chat.log).toContainText("You can try again in 40 s.");
  await page.clock.runFor(30_000);
  await expect(chat.log).toContainText("You can try again in 10 s.");
  await expect(retry).toBeDisabled();
  await page.clock.runFor(11_000);
  await expect(retry).toBeEnabled();
  await expect(chat.log).not.toContainText("You can try again in");
  await retry.click();
  await page.clock.runFor(1000);
  await chat.answer();
  expect(app.asked.map(({ messageId }) => messageId)).toEqual([app.asked[0]!.messageId, app.asked[0]!.messageId]);
  ours(problems);
});

test("offline: the question waits and goes out by itself", async ({ page, host, app, context, chat, problems }) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await context.setOffline(true);
  await chat.ask("How?");
  await expect(chat.log).toContainText("You are offline. Your question will be sent when you are back.");
  expect(app.asked).toEqual([]);
  await context.setOffline(false);
  await expect(chat.log).toContainText("30 days");
  expect(app.asked).toHaveLength(1);
  ours(problems);
});

for (const [code, status, words] of [
  ["upstream_busy", 503, "The assistant is busy right now."],
  ["plan_limit", 402, "The assistant is not available right now."],
  ["content_too_large", 413, "refused: content_too_large"],
  ["something_new", 500, "refused: something_new"],
] as const) {
  test(`${code} reads as words, with a way to try again`, async ({ page, host, app, chat, problems }) => {
    app.refuse = [{ status, code }];
    await page.goto(`${host}/plain`);
    await chat.open();
    await chat.ask("How?");
    await expect(await chat.answer()).toContainText(words);
    await expect(chat.panel.getByRole("button", { name: "Try again" })).toBeEnabled();
    expect(ours(problems)).toEqual([]);
  });
}

test("a configuration that cannot be read leaves a way to try again", async ({ page, host, chat, problems }) => {
  await page.goto(`${host}/plain`);
  await page.route("**/config", (route) => route.abort());
  await chat.bubble.click();
  await expect(chat.log).toContainText("The connection was lost.");
  await page.unroute("**/config");
  await chat.panel.getByRole("button", { name: "Try again" }).click();
  await expect(chat.log).toContainText("Ask me anything");
  ours(problems);
});

test("a widget that could not be fetched is fetched again with the next try", async ({
  page,
  host,
  chat,
  problems,
}) => {
  await page.goto(`${host}/plain`);
  await page.route("**/widget.*.js", (route) => route.abort());
  const lost = page.waitForEvent("requestfailed");
  await chat.bubble.hover();
  await lost;
  await page.unroute("**/widget.*.js");
  await chat.open();
  ours(problems);
});

test("a question whose answer was lost with the page can be sent again after a reload", async ({
  page,
  host,
  app,
  chat,
}) => {
  const whole = app.answer;
  app.answer = async (send) => {
    await send("delta", { text: "Half" });
    await new Promise(() => {});
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(chat.log).toContainText("Half");
  app.answer = whole;
  await page.reload();
  await chat.panel.getByRole("button", { name: "Try again" }).click();
  await expect(chat.log).toContainText("30 days");
  expect(app.asked[1]).toEqual(app.asked[0]);
});

test("with storage blocked the chat works for as long as the page is there", async ({ page, host, chat }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("blocked", "SecurityError");
      },
    });
  });
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("One?");
  await chat.answer();
  await chat.ask("Two?");
  await chat.answer();
  await expect(chat.log.locator(".me")).toHaveCount(2);
});
