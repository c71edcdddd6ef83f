import { chromium, type Page } from "@playwright/test";
import { ensureBuilt } from "@/deploy/local/build";
import { startProduct } from "@/deploy/local/product";
import { round } from "./load";

const BAR_SECONDS = 60;
const QUESTION = "How long do I have to send something back?";
const TIMEOUT_MS = 120_000;

/**
 * Seconds from opening the sign-up page to the first cited answer, in Chromium on the sample site: what a new customer waits for.
 * The product is built and running before the clock starts.
 */
export async function run(args: string[]): Promise<void> {
  const json = args.includes("--json");
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await ensureBuilt(say);
  const product = await startProduct("bench");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    const { seconds, pages, answer } = await signUpToAnswer(page, product.appUrl, `${product.site.url}/`);
    const total = round(
      Object.values(seconds).reduce((sum, step) => sum + step, 0),
      2,
    );
    const result = { bench: "first-answer", ok: total < BAR_SECONDS, seconds: { ...seconds, total }, pages, answer };
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else {
      for (const [step, took] of Object.entries(result.seconds)) process.stdout.write(`${step.padEnd(10)} ${took} s\n`);
      process.stdout.write(`bar ${BAR_SECONDS} s; ${pages} pages; ${answer.citations} citations\n`);
    }
    if (!result.ok) process.exitCode = 1;
  } finally {
    await browser.close();
    await product.stop();
  }
}

async function signUpToAnswer(page: Page, appUrl: string, siteUrl: string) {
  let last = performance.now();
  const lap = () => {
    const now = performance.now();
    const took = round((now - last) / 1_000, 2);
    last = now;
    return took;
  };
  await page.goto(`${appUrl}/sign-up`);
  await page.getByLabel("Workspace name").fill("Bench");
  await page.getByLabel("E-mail").fill("bench@example.test");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL("**/agents/new");
  const signUp = lap();

  await page.getByLabel("Website").fill(siteUrl);
  await page.getByRole("button", { name: "Create agent" }).click();
  await page.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
  const address = lap();

  await page.getByText(/^Finished/).waitFor();
  const pages = Number(
    /(\d[\d,]*) pages? in use/.exec((await page.getByText(/^Finished/).textContent()) ?? "")?.[1] ?? Number.NaN,
  );
  const crawl = lap();

  await page.getByRole("link", { name: "Playground" }).first().click();
  await page.getByRole("textbox", { name: "Question" }).fill(QUESTION);
  await page.getByRole("button", { name: "Ask" }).click();
  const sources = page.getByRole("region", { name: "Conversation" }).getByRole("list", { name: "Sources" });
  await sources.waitFor();
  const citations = await sources.getByRole("listitem").count();
  const answer = lap();
  return { seconds: { signUp, address, crawl, answer }, pages, answer: { question: QUESTION, citations } };
}
