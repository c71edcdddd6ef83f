import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import { buildWidget } from "@/components/widget/build";
import type { StoredMessage } from "@/components/widget/protocol";
import { AGENT, ANSWER, CITATIONS, FakeApp, PLAIN_ANSWER, streamAnswer } from "@/e2e/widget-host/fake-app";
import { startHostSite } from "@/e2e/widget-host/host-site";
import { round } from "./load";

const SLOWDOWN = 4;
const LONG_TASK_MS = 50;
const HISTORY = 200;
const ROUNDS = 5;
const ANSWERS = Number(process.argv.find((arg) => arg.startsWith("--answers="))?.slice(10) ?? 1_000);

interface Observed {
  /** Milliseconds of tasks above 50 ms, each. */
  longTasks: number[];
  /** The sum of layout shifts. */
  shift: number;
}

declare global {
  interface Window {
    observed: Observed;
  }
}

/** The widget in Chromium on a customer's page, with a server that answers at once: what it costs the page and its reader. */
export async function run(args: string[]): Promise<void> {
  const widgetDir = await mkdtemp(join(tmpdir(), "alonchat-bench-widget-"));
  const { loader, widget, totalGzipBytes, parts } = await buildWidget(widgetDir);
  const sizes = new Map([loader, widget, ...Object.values(parts)].map(({ file, gzipBytes }) => [file, gzipBytes]));
  const app = await new FakeApp(widgetDir).start();
  const host = await startHostSite(() => app.origin);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--js-flags=--expose-gc"],
  });
  try {
    const loads = [];
    for (let i = 0; i < ROUNDS; i++) loads.push(await load(browser, `${host.origin}/plain`));
    const figures = {
      gzipBytes: {
        loader: loader.gzipBytes,
        widget: widget.gzipBytes,
        together: totalGzipBytes,
        // As the browser asked for them.
        conversation: await conversation(browser, app, `${host.origin}/plain`, sizes, PLAIN_ANSWER),
        conversationWithTable: await conversation(browser, app, `${host.origin}/plain`, sizes, ANSWER),
      },
      interactiveMs: median(loads.map(({ interactiveMs }) => interactiveMs)),
      longTasksAtLoad: Math.max(...loads.map(({ longTasks }) => longTasks)),
      pageBlockedMs: Math.max(...loads.map(({ blockedMs }) => blockedMs)),
      layoutShift: Math.max(...loads.map(({ shift }) => shift)),
      scroll: await scroll(browser, app, `${host.origin}/plain`),
      memory: await memory(browser, app, `${host.origin}/plain`),
    };
    if (args.includes("--json")) process.stdout.write(`${JSON.stringify(figures)}\n`);
    else process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    await browser.close();
    await host.stop();
    await app.stop();
    await rm(widgetDir, { recursive: true });
  }
}

/** What a question with its cited answer fetches of the widget, and a reload that brings both back. */
async function conversation(browser: Browser, app: FakeApp, url: string, sizes: Map<string, number>, text: string) {
  app.answer = (send) => streamAnswer(send, text, CITATIONS);
  const [visitor, id] = ["b".repeat(32), "00000000-0000-4000-8000-000000000002"];
  const createdAt = new Date(0).toISOString();
  app.store(id, visitor, [
    { id: "q", role: "visitor", text: "Question?", status: "complete", createdAt },
    { id: "a", role: "assistant", text, status: "complete", createdAt, citations: CITATIONS },
  ]);
  const page = await (await browser.newContext()).newPage();
  const from = app.requests.length;
  const done = (answers: number) =>
    page
      .locator("alonchat-widget .sources")
      .nth(answers - 1)
      .waitFor();
  await page.goto(url);
  await page.locator("alonchat-widget .bubble").click();
  await page.locator("alonchat-widget textarea").fill("Question?");
  await page.locator("alonchat-widget textarea").press("Enter");
  await done(1);
  await page.evaluate(([key, value]) => localStorage.setItem(key, value), [
    `alonchat:${AGENT}`,
    JSON.stringify({ visitor, conversation: id, open: true }),
  ] as const);
  await page.reload();
  await done(1);
  await page.context().close();
  const files = new Set(app.requests.slice(from).flatMap((request) => request.split("/widget/")[1] ?? []));
  return [...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
}

/** A page that notes long tasks and layout shifts, on a processor that is so many times slower. */
async function observedPage(browser: Browser, slowdown: number): Promise<{ page: Page; cdp: CDPSession }> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  // Which the transpiler puts around functions that are named.
  await page.addInitScript("globalThis.__name = (named) => named");
  await page.addInitScript(() => {
    window.observed = { longTasks: [], shift: 0 };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.observed.longTasks.push(duration);
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.observed.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return { page, cdp };
}

const blocked = (tasks: number[]) => tasks.reduce((sum, task) => sum + Math.max(0, task - LONG_TASK_MS), 0);

/**
 * Twice: at full speed from the click on the bubble to a field that takes a question, and on a slow processor what loading
 * page, bubble and chat blocks. The page alone is measured in the same way and taken off.
 */
async function load(browser: Browser, url: string) {
  const fast = await observedPage(browser, 1);
  await fast.page.goto(url);
  await fast.page.locator("alonchat-widget .bubble").waitFor();
  const interactiveMs = await fast.page.evaluate(async () => {
    const widget = document.querySelector("alonchat-widget")!;
    const root = widget.shadowRoot!;
    const startedAt = performance.now();
    root.querySelector<HTMLButtonElement>(".bubble")!.click();
    while (!root.querySelector<HTMLTextAreaElement>("dialog[open] textarea")?.placeholder) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return performance.now() - startedAt;
  });
  await fast.page.context().close();

  const alone = await observedPage(browser, SLOWDOWN);
  await alone.page.goto(url.replace("/plain", "/nothing"));
  await alone.page.waitForTimeout(1_000);
  const before = await alone.page.evaluate(() => window.observed);
  await alone.page.context().close();

  const slow = await observedPage(browser, SLOWDOWN);
  await slow.page.goto(url);
  await slow.page.locator("alonchat-widget .bubble").waitFor();
  await slow.page.waitForTimeout(1_000);
  const page = await slow.page.evaluate(() => structuredClone(window.observed));
  await slow.page.locator("alonchat-widget .bubble").click();
  await slow.page.locator("alonchat-widget .pill").first().waitFor();
  await slow.page.waitForTimeout(500);
  const all = await slow.page.evaluate(() => window.observed);
  await slow.page.context().close();
  return {
    interactiveMs: round(interactiveMs, 1),
    longTasks: Math.max(0, all.longTasks.length - before.longTasks.length),
    blockedMs: round(Math.max(0, blocked(page.longTasks) - blocked(before.longTasks)), 1),
    shift: all.shift,
  };
}

/** A conversation of 500 messages: shown at once, then scrolled from end to start and back by the wheel. */
async function scroll(browser: Browser, app: FakeApp, url: string) {
  const messages = 500;
  const [visitor, conversation] = ["a".repeat(32), "00000000-0000-4000-8000-000000000001"];
  const stored: StoredMessage[] = Array.from({ length: messages }, (_, i) => ({
    id: `m${i}`,
    role: i % 2 ? "assistant" : "visitor",
    text: i % 2 ? ANSWER : `Question ${i}?`,
    status: "complete",
    createdAt: new Date(0).toISOString(),
    citations: i % 2 ? CITATIONS : [],
  }));
  app.store(conversation, visitor, stored);
  const { page } = await observedPage(browser, 1);
  await page.addInitScript(([key, value]) => localStorage.setItem(key, value), [
    `alonchat:${AGENT}`,
    JSON.stringify({ visitor, conversation }),
  ] as const);
  await page.goto(url);
  await page.locator("alonchat-widget .bubble").click();
  const startedAt = performance.now();
  await page.locator("alonchat-widget time").last().waitFor();
  const shownMs = performance.now() - startedAt;
  await page.waitForTimeout(1_000);
  const longToShow = await page.evaluate(() => window.observed.longTasks.splice(0));
  await page.locator("alonchat-widget .log").hover();
  for (const direction of [-1, 1]) {
    for (let i = 0; i < 120; i++) {
      await page.mouse.wheel(0, direction * 1_000);
      await page.waitForTimeout(8);
    }
  }
  const longToScroll = await page.evaluate(() => window.observed.longTasks);
  await page.context().close();
  return {
    messages,
    shownMs: round(shownMs, 0),
    longestTaskToShowMs: round(Math.max(0, ...longToShow), 0),
    longTasksToScroll: longToScroll.length,
  };
}

/** The heap after so many streamed answers, each in a conversation that is left for a new one after fifty. */
async function memory(browser: Browser, app: FakeApp, url: string) {
  app.answer = (send) => streamAnswer(send, ANSWER, CITATIONS);
  const { page, cdp } = await observedPage(browser, 1);
  await page.goto(url);
  await page.locator("alonchat-widget .bubble").click();
  await page.locator("alonchat-widget .pill").first().waitFor();
  const heap = async () => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { usedSize } = await cdp.send("Runtime.getHeapUsage");
    return round(usedSize / 1_048_576, 1);
  };
  const series: { answers: number; mib: number }[] = [];
  for (let answers = 0; answers < ANSWERS; answers += HISTORY) {
    await page.evaluate(async (count) => {
      const root = document.querySelector("alonchat-widget")!.shadowRoot!;
      for (let i = 0; i < count; i++) {
        await new Promise<void>((resolve) => {
          const listener = (detail?: unknown) => {
            if ((detail as { role: string }).role !== "assistant") return;
            window.alonchat!("off", "message", listener);
            resolve();
          };
          window.alonchat!("on", "message", listener);
          window.alonchat!("sendMessage", `Question ${i}?`);
        });
        if (i % 50 === 49) root.querySelector<HTMLButtonElement>(".new")!.click();
      }
    }, HISTORY);
    series.push({ answers: answers + HISTORY, mib: await heap() });
  }
  await page.context().close();
  return series;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
