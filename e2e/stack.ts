import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type Product, startProduct } from "@/deploy/local/product";

/** Starts the product once for all tests of a worker. */
export const test = base.extend<object, { product: Product }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use, { parallelIndex }) => {
      // What a sweep finds is not waited for longer than it takes.
      const product = await startProduct(`e2e-${parallelIndex}`, { SWEEP_EVERY_MS: "1000" });
      try {
        await use(product);
      } finally {
        await product.stop();
      }
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

export interface Account {
  workspace: string;
  email: string;
  password: string;
}

/** Makes an account and leaves the browser where a new member lands. */
export async function signUp(page: Page, appUrl: string, { workspace, email, password }: Account): Promise<void> {
  await page.goto(`${appUrl}/sign-up`);
  await page.getByLabel("Workspace name").fill(workspace);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL("**/agents/new");
}

/**
 * Fails with the rule and the element of every breach of WCAG 2.2 AA that axe finds. What sticks to the window's edges stands at its place in the
 * page for that long: what lies half under it comes out by scrolling, and axe takes it for too small. Colours on their way are not judged: a button
 * that may be pressed again is pale for a moment yet.
 */
export async function expectAccessible(page: Page): Promise<void> {
  // The title comes with the last of a page that streams.
  await expect(page).toHaveTitle(/\S/);
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
        .map(({ finished }) => finished),
    ),
  );
  const stuck = await page.evaluateHandle(() => {
    const found = [...document.querySelectorAll<HTMLElement>("body *")].filter(
      (element) => getComputedStyle(element).position === "sticky",
    );
    for (const { style } of found) style.position = "static";
    return found;
  });
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  await stuck.evaluate((found) => {
    for (const { style } of found) style.position = "";
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

export { expect };
