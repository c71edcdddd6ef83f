import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include("alonchat-widget").analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing in the ${colorScheme} theme: closed, open, answered, failed`, async ({
    page,
    host,
    app,
    chat,
    problems,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto(`${host}/plain`);
    await chat.bubble.waitFor();
    expect(await violations(page)).toEqual([]);
    await chat.open();
    const background = colorScheme === "dark" ? "rgb(23, 24, 28)" : "rgb(255, 255, 255)";
    await expect(chat.panel).toHaveCSS("background-color", background);
    expect(await violations(page)).toEqual([]);
    await chat.ask("How?");
    await chat.answer();
    expect(await violations(page)).toEqual([]);
    app.refuse = [{ status: 429, code: "rate_limited", retryAfterMs: 50_000 }];
    await chat.ask("And?");
    await chat.answer();
    expect(await violations(page)).toEqual([]);
    problems.splice(0);
  });
}

test("everything can be done by keyboard, and the focus is kept and returned", async ({ page, host, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.bubble.waitFor();
  await page.keyboard.press("Tab");
  await expect(chat.bubble).toBeFocused();
  await expect(chat.bubble).toHaveAccessibleName("Open chat");
  await page.keyboard.press("Enter");
  await expect(chat.field).toBeFocused();
  await expect(chat.field).toHaveAccessibleName("Your question");
  await expect(chat.bubble).toHaveAttribute("aria-expanded", "true");
  await expect(chat.panel.getByText("Ask me anything")).toBeVisible();
  await page.keyboard.type("How?");
  await page.keyboard.press("Enter");
  await chat.answer();
  await expect(chat.field).toBeFocused();
  for (const name of ["Bad answer", "Good answer", "Copy"]) {
    await page.keyboard.press("Shift+Tab");
    await expect(chat.panel.getByRole("button", { name })).toBeFocused();
  }
  await page.keyboard.press("Shift+Tab");
  await expect(chat.panel.locator(".sources a").last()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(chat.panel).toBeHidden();
  await expect(chat.bubble).toBeFocused();
  await expect(chat.bubble).toHaveAttribute("aria-expanded", "false");
});

test("where the panel fills the screen the page behind cannot be reached", async ({ page, host, chat }) => {
  await page.setViewportSize({ width: 400, height: 700 });
  await page.goto(`${host}/shortcuts`);
  await chat.open();
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press("Tab");
    const active = await page.evaluate(() => document.activeElement?.tagName);
    expect(["ALONCHAT-WIDGET", "BODY"]).toContain(active);
  }
  await page.keyboard.press("Escape");
  await expect(chat.panel).toBeHidden();
});

test("a finished answer is announced once, without its marks; what is being written is not", async ({
  page,
  host,
  app,
  chat,
}) => {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  app.answer = async (send) => {
    await send("delta", { text: "Within **30 days**. [1]" });
    await finished;
    await send("done", { status: "complete", answerId: "a" });
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await expect(chat.log).toHaveAttribute("aria-live", "off");
  const status = chat.panel.getByRole("status");
  await chat.ask("How?");
  await expect(chat.log).toContainText("30 days");
  await expect(status).toBeEmpty();
  finish();
  await expect(status).toHaveText("Within 30 days. [1]");
});

test("with reduced motion nothing moves", async ({ page, host, app, chat }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  app.answer = async (send) => {
    await send("delta", { text: "Within" });
    await new Promise(() => {});
  };
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await expect(chat.log).toContainText("Within");
  const running = () => chat.panel.evaluate((panel) => panel.getAnimations({ subtree: true }).length);
  expect(await running()).toBe(0);
});

test("whatever accent the agent has, text reaches 4.5 to 1 in both themes", async ({ page, host, app, chat }) => {
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.ask("How?");
  await chat.answer();
  const worst = await page.evaluate(() => {
    const widget = document.querySelector<HTMLElement>("alonchat-widget")!;
    const panel = widget.shadowRoot!.querySelector<HTMLElement>("dialog")!;
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    const luminance = (color: string) => {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
        part > 10 ? ((part / 255 + 0.055) / 1.055) ** 2.4 : part / 3294.6,
      ) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: string, b: string) => {
      const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05];
      return Math.max(x / y, y / x);
    };
    const style = (selector: string) => getComputedStyle(panel.querySelector(selector)!);
    const found: [number, string][] = [];
    const steps = [0, 51, 102, 153, 204, 255];
    for (const r of steps)
      for (const g of steps)
        for (const b of steps)
          for (const theme of ["light", "dark"]) {
            widget.style.setProperty("--color", `rgb(${r} ${g} ${b})`);
            panel.style.colorScheme = theme;
            const me = style(".me p");
            const surfaces = [style(".box").backgroundColor, getComputedStyle(panel).backgroundColor];
            const link = style(".box a:not(.cite)").color;
            const least = Math.min(
              contrast(me.color, me.backgroundColor),
              ...surfaces.map((surface) => contrast(link, surface)),
            );
            found.push([least, `${theme} rgb(${r} ${g} ${b}) ${me.backgroundColor} ${me.color} ${link}`]);
          }
    return found.sort(([x], [y]) => x - y)[0]!;
  });
  expect(worst[0], worst[1]).toBeGreaterThanOrEqual(4.5);
  expect(app.asked).toHaveLength(1);
});
