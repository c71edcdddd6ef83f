import { expect, test } from "./fixtures";

test("a strict content security policy with Trusted Types changes nothing", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/csp`);
  await chat.open();
  await chat.ask("How?");
  await chat.answer();
  // The styles made by script are there.
  await expect(chat.bubble).toHaveCSS("border-radius", "50%");
  await expect(chat.panel).toHaveCSS("width", "400px");
  await expect(chat.panel.locator(".send")).not.toHaveCSS("background-color", "rgba(0, 0, 0, 0)");
  expect(app.asked).toHaveLength(1);
});

test("the page's styles do not reach the widget, and the widget's not the page", async ({ page, host, chat }) => {
  const look = async (path: string) => {
    await page.goto(host + path);
    const before = await page.locator("main").evaluate((main) => getComputedStyle(main).cssText);
    await chat.open();
    await chat.ask("How?");
    await chat.answer();
    expect(await page.locator("main").evaluate((main) => getComputedStyle(main).cssText)).toBe(before);
    await page.evaluate(() => localStorage.clear());
    return {
      host: await page.locator("alonchat-widget").evaluate((element) => {
        const { position, zIndex, bottom, right, display, opacity, transform, visibility, fontSize, color } =
          getComputedStyle(element);
        return { position, zIndex, bottom, right, display, opacity, transform, visibility, fontSize, color };
      }),
      bubble: await chat.bubble.boundingBox(),
      panel: await chat.panel.boundingBox(),
      styles: await chat.panel.evaluate((panel) =>
        [panel, ...panel.querySelectorAll("*")].map((element) => {
          const { color, backgroundColor, fontSize, display, padding, margin, width } = getComputedStyle(element);
          return [element.tagName, color, backgroundColor, fontSize, display, padding, margin, width].join(" ");
        }),
      ),
    };
  };
  expect(await look("/hostile-css")).toEqual(await look("/plain"));
});

test("additions to built-in prototypes do not get in the way", async ({ page, host, chat }) => {
  await page.goto(`${host}/hostile-prototypes`);
  await chat.open();
  await chat.ask("How?");
  await expect((await chat.answer()).locator("ol > li")).toHaveCount(3);
});

test("keys pressed in the chat are not the page's shortcuts", async ({ page, host, chat }) => {
  await page.goto(`${host}/shortcuts`);
  await chat.open();
  await chat.field.pressSequentially("jk/?");
  await expect(page.locator("#log")).toHaveValue("");
});

test("on a page from right to left bubble and panel stand on the left", async ({ page, host, chat }) => {
  await page.goto(`${host}/rtl`);
  await chat.open();
  expect((await chat.bubble.boundingBox())!.x).toBe(20);
  expect((await chat.panel.boundingBox())!.x).toBe(20);
});

test("an agent that speaks Arabic reads from right to left, whatever the page does", async ({
  page,
  host,
  app,
  chat,
}) => {
  app.config = { ...app.config, name: "متجر الشمال", welcomeMessage: "مرحبا. كيف يمكنني مساعدتك؟", language: "ar" };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.panel.getByRole("textbox", { name: "سؤالك" }).fill("كيف أعيد سترة؟");
  await page.keyboard.press("Enter");
  await chat.answer();
  const avatar = await chat.panel.locator(".avatar").boundingBox();
  const close = await chat.panel.getByRole("button", { name: "إغلاق المحادثة" }).boundingBox();
  expect(avatar!.x).toBeGreaterThan(close!.x);
  expect((await chat.panel.boundingBox())!.x).toBe(1280 - 400 - 20);
  // An English answer in it still reads from left to right.
  await expect(chat.log.locator(".complete p").first()).toHaveCSS("direction", "ltr");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the panel fills the screen and brings up no keyboard", async ({ page, host, chat }) => {
    await page.goto(`${host}/plain`);
    await chat.bubble.tap();
    await expect(chat.field).toHaveAttribute("placeholder", "Ask a question");
    await expect.poll(() => chat.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    await expect(chat.field).not.toBeFocused();
    await expect(chat.field).toHaveCSS("font-size", "16px");
    await chat.panel.getByRole("button", { name: "Close chat" }).tap();
    await expect(chat.bubble).toBeVisible();
    await expect(chat.panel).toBeHidden();
  });

  test("after a reload the page is not covered, and the conversation is a tap away", async ({ page, host, chat }) => {
    await page.goto(`${host}/plain`);
    await chat.bubble.tap();
    await chat.ask("How?");
    await chat.answer();
    await page.reload();
    await chat.bubble.waitFor();
    await expect(chat.panel).toBeHidden();
    await chat.bubble.tap();
    await expect(chat.log).toContainText("30 days");
  });
});

test("at 320 by 256 pixels, which is 400 % zoom, everything can still be reached", async ({ page, host, chat }) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await chat.answer();
  for (const part of [chat.field, chat.panel.getByRole("button", { name: "Close chat" }), chat.log]) {
    await expect(part).toBeInViewport();
  }
  expect(await chat.panel.evaluate((panel) => panel.scrollWidth)).toBe(320);
});
