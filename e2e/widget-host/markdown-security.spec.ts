import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { inlineCss } from "../../components/widget/build";
import { dataDir } from "../../lib/testing/data-dir";
import { expect, test } from "./fixtures";

interface Bundle {
  answer: typeof import("../../components/widget/answer") &
    typeof import("../../components/widget/parts/rich") &
    typeof import("../../components/widget/plain") &
    typeof import("../../components/widget/strings");
}

/** Cases of our own, so that there is something to try where the larger collection is not at hand. */
const OWN = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "![x](https://attacker.test/pixel.png)",
  "[![x](https://attacker.test/pixel.png)](javascript:alert(1))",
  "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](\u0001javascript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  '[x](https://x.test/"onmouseover="alert(1))',
  "<javascript:alert(1)> <https://x.test/><svg/onload=alert(1)>",
  "| <img src=x onerror=alert(1)> |\n|---|\n| [x](vbscript:x) |",
  "```<script>alert(1)</script>",
  "[1]: javascript:alert(1)\n\n[x][1] [1]",
];

const file = join(dataDir() ?? "", "security/xss_markdown.jsonl");
const collected = dataDir() && existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
const payloads = [...OWN, ...collected.map((line) => (JSON.parse(line) as { payload: string }).payload)];

test("no text makes an answer run, load or lead anywhere unsafe, whole or cut anywhere", async ({
  page,
  host,
  problems,
}) => {
  test.setTimeout(240_000);
  const { outputFiles } = await build({
    stdin: {
      contents: ["answer", "parts/rich", "plain", "strings"].map((file) => `export * from "./${file}";`).join(""),
      resolveDir: join(import.meta.dirname, "../../components/widget"),
    },
    plugins: [inlineCss],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "answer",
  });
  const requests: string[] = [];
  await page.goto(`${host}/csp`);
  page.on("request", (request) => requests.push(request.url()));
  await page.evaluate(outputFiles[0]!.text.replace("var answer", "globalThis.answer"));

  const violations = await page.evaluate((texts) => {
    const { english, parsePlain, richMarkdown, showAnswer, sourceList } = (globalThis as unknown as Bundle).answer;
    const words = { ...english, language: "en" };
    const whole = richMarkdown({ table: "Table", pre: "Code" });
    const plain: typeof whole = (text, streaming, make) => parsePlain(text, streaming, make, () => {});
    const tags =
      /^(p|h3|ul|ol|li|pre|blockquote|hr|table|tr|th|td|strong|em|del|code|br|a|span|div|h3|b|small|button)$/i;
    const attributes = /^(class|dir|href|title|target|rel|start|tabindex|role|aria-label|data-number|type)$/;
    const found: string[] = [];
    const inspect = (root: Element, text: string) => {
      for (const element of root.querySelectorAll("*")) {
        if (!tags.test(element.localName) || element.namespaceURI !== "http://www.w3.org/1999/xhtml") {
          found.push(`<${element.localName}> from ${text}`);
        }
        for (const { name } of element.attributes) if (!attributes.test(name)) found.push(`${name}= from ${text}`);
        if (element instanceof HTMLAnchorElement && !/^(https?|mailto):$/.test(element.protocol)) {
          found.push(`${element.href} from ${text}`);
        }
      }
    };
    const place = document.createElement("div");
    document.body.append(place);
    for (const text of texts) {
      place.replaceChildren();
      for (let end = 1; end <= text.length; end++) {
        showAnswer(place, text.slice(0, end), true, words, whole);
        inspect(place, text.slice(0, end));
        showAnswer(place, text.slice(0, end), true, words, plain);
        inspect(place, text.slice(0, end));
      }
      const citations = [{ number: 1, url: text, title: text, heading: text, quote: text }];
      for (const parse of [plain, whole]) {
        showAnswer(place, `${text} [1]`, false, words, parse, citations);
        inspect(place, text);
      }
      place.append(...sourceList("Sources", citations));
      inspect(place, text);
      if (found.length > 20) break;
    }
    return found;
  }, payloads);
  expect(violations).toEqual([]);
  expect(requests).toEqual([]);
  expect(problems).toEqual([]);
  test.info().annotations.push({ type: "payloads", description: String(payloads.length) });
});

test("an attack in an answer, a name, a welcome and a source stays text in the real widget", async ({
  page,
  host,
  app,
  chat,
}) => {
  const attack = `<img src="${host}/x" onerror="alert(1)"><script>alert(1)</script>`;
  app.config = {
    ...app.config,
    name: attack,
    welcomeMessage: attack,
    suggestedQuestions: [attack],
    accentColor: "red;}*{x:url(/y)",
  };
  app.answer = async (send) => {
    await send("delta", { text: `${attack} [x](javascript:alert(1)) ![x](${host}/pixel.png) [1]` });
    await send("citations", {
      citations: [{ number: 1, url: "javascript:alert(1)", title: attack, heading: attack, quote: attack }],
    });
    await send("done", { status: "complete", answerId: "a" });
  };
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${host}/plain`);
  await chat.open();
  await chat.panel.getByRole("button", { name: attack }).click();
  const answer = await chat.answer();
  await expect(answer).toContainText(attack);
  for (const link of await answer.getByRole("link").all()) await expect(link).toHaveAttribute("href", /^http:/);
  await expect(chat.panel.locator("img, script")).toHaveCount(0);
  expect(requests.filter((url) => url.startsWith(host))).toEqual([`${host}/plain`]);
});
