import { AGENT, ANSWER, type FakeApp, streamAnswer } from "./fake-app";
import { Chat, expect, test } from "./fixtures";

const MODULE_OR_STATUS = /Failed to load resource/;

const told = (problems: string[]): string[] => problems.filter((problem) => !MODULE_OR_STATUS.test(problem));

/** Browsers print every refused request; anything else in the console is ours. */
function ours(problems: string[]): string[] {
  return told(problems.splice(0));
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
  await expect
    .poll(() => told(problems))
    .toEqual([
      `AlonChat: this page's domain (${new URL(host).host}) is not among the allowed domains of agent ${AGENT}; add it in the dashboard under Install → Allowed domains`,
    ]);
  ours(problems);
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
  await expect.poll(() => told(problems)).toHaveLength(1);
  ours(problems);
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
  await expect
    .poll(() => told(problems))
    .toEqual(["AlonChat: agent ag_nosuchagent is not available; check data-agent in the snippet"]);
  ours(problems);
});

/** Sends half of the answer, and the rest when the test says so. */
function inTwoHalves(app: FakeApp) {
  let goOn = () => {};
  app.answer = async (send) => {
    await send("delta", { text: ANSWER.slice(0, 110) });
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await streamAnswer(send, ANSWER.slice(110));
  };
  return { goOn: () => goOn() };
}

test("a cut answer goes on by itself where it was cut: nothing is lost, nothing stands twice", async ({
  page,
  host,
  app,
  chat,
  problems,
}) => {
  const half = inTwoHalves(app);
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(chat.log).toContainText("You can return any item");
  app.cut();
  half.goOn();
  await expect(chat.log.locator(".complete")).toHaveCount(1);
  const text = (await chat.log.textContent())!;
  expect(text.match(/You can return any item/g)).toHaveLength(1);
  expect(text).toContain("The refund is paid to your original payment method within 5 working days.");
  expect(app.asked[1]).toEqual(app.asked[0]);
  const resumed = app.headers.filter(
    (_, i) => app.requests[i]!.startsWith("POST") && app.requests[i]!.endsWith("messages"),
  );
  expect(Number(resumed[1]!["last-event-id"])).toBeGreaterThanOrEqual(2);
  expect(app.stored(app.asked[0]!.conversationId).map(({ role }) => role)).toEqual(["visitor", "assistant"]);
  expect(ours(problems)).toEqual([]);
});

test("a server that dies in the middle of an answer gives it anew, and it replaces the half", async ({
  page,
  host,
  app,
  chat,
  problems,
}) => {
  const whole = app.answer;
  app.answer = async (send) => {
    await send("delta", { text: "Half of something" });
    await new Promise(() => {});
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(chat.log).toContainText("Half of something");
  app.answer = whole;
  app.restart();
  await expect(chat.log).toContainText("30 days");
  await expect(chat.log).not.toContainText("Half of something");
  await expect(chat.log.locator(".complete")).toHaveCount(1);
  ours(problems);
});

test("a second tab shows what is asked in the first, while it is answered and after", async ({
  page,
  context,
  host,
  app,
  chat,
}) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await chat.answer();
  const other = await context.newPage();
  await other.goto(`${host}/plain`);
  const second = new Chat(other);
  await expect(second.log).toContainText("30 days");
  const half = inTwoHalves(app);
  await chat.ask("Once more?");
  await expect(second.log).toContainText("Once more?");
  half.goOn();
  await expect(second.log.locator(".complete")).toHaveCount(2);
  expect(app.stored(app.asked[0]!.conversationId)).toHaveLength(4);
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
  await expect(chat.log).toContainText("You can try again in 40 seconds.");
  await page.clock.runFor(30_000);
  await expect(chat.log).toContainText("You can try again in 10 seconds.");
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

test("offline: questions wait, also over a reload of the page, and go out by themselves in their order", async ({
  page,
  host,
  app,
  context,
  chat,
  problems,
}) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("Zero?");
  await chat.answer();
  await context.setOffline(true);
  await chat.ask("One?");
  await expect(chat.log).toContainText("You are offline. Your question waits for the connection.");
  await chat.ask("Two?");
  await expect(chat.log).toContainText("Two?");
  expect(app.asked).toHaveLength(1);
  await context.setOffline(false);
  await expect(chat.log.locator(".complete")).toHaveCount(3);
  expect(app.asked.map(({ text }) => text)).toEqual(["Zero?", "One?", "Two?"]);

  await context.setOffline(true);
  await chat.ask("Three?");
  await expect(chat.log).toContainText("You are offline.");
  await context.setOffline(false);
  await page.reload();
  await expect(chat.log.locator(".complete")).toHaveCount(4);
  expect(app.asked.filter(({ text }) => text === "Three?").length).toBeGreaterThanOrEqual(1);
  expect(app.stored(app.asked[0]!.conversationId)).toHaveLength(8);
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

test("an answer goes on after a reload in its middle", async ({ page, host, app, chat }) => {
  const half = inTwoHalves(app);
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(chat.log).toContainText("You can return any item");
  await page.reload();
  await expect(chat.log).toContainText("You can return any item");
  half.goOn();
  await expect(chat.log.locator(".complete")).toHaveCount(1);
  expect(app.asked[1]).toEqual(app.asked[0]);
  expect((await chat.log.textContent())!.match(/You can return any item/g)).toHaveLength(1);
});

test("with storage that is full, or a clock that is years off, the chat works", async ({ page, host, chat }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    const real = Date.now;
    Date.now = () => real() - 300_000_000_000;
  });
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("One?");
  await expect(await chat.answer()).toContainText("30 days");
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
