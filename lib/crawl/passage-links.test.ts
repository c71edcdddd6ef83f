import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chunkMarkdown, quotables, textFragment } from "@/lib/knowledge";
import { indexablePages } from "@/lib/testing/sample-site/manifest";
import { type SampleSite, startSampleSite } from "@/lib/testing/sample-site/server";
import { extractPage } from "./extract";

let site: SampleSite;
beforeAll(async () => {
  site = await startSampleSite({});
});
afterAll(() => site.stop());

const BLOCKS =
  /^(?:address|article|aside|blockquote|body|button|caption|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|th|thead|tr|ul|br|legend|label)$/;

/** The texts of the page's blocks as a browser compares them: white space collapsed, case ignored. */
function blockTexts(html: string): string[] {
  const texts = [""];
  const visit = (node: Node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) texts[texts.length - 1] += child.textContent ?? "";
      if (child.nodeType !== 1 || /^(?:script|style|svg|noscript)$/i.test(child.nodeName)) continue;
      const isBlock = BLOCKS.test(child.nodeName.toLowerCase());
      if (isBlock) texts.push("");
      visit(child);
      if (isBlock) texts.push("");
    }
  };
  visit(parseHTML(html).document.documentElement as unknown as Node);
  return texts.map((text) => text.replace(/\s+/g, " ").trim().toLowerCase()).filter(Boolean);
}

/** Parts of the directives of every passage and every piece of it that no block of the page holds. */
function deadParts(html: string, url: string): string[] {
  const { markdown, title } = extractPage(html, url);
  const blocks = blockTexts(html);
  return chunkMarkdown({ markdown, title, url }).flatMap((chunk) =>
    [undefined, ...quotables(chunk.content).map((piece) => piece.markdown)].flatMap((quote) => {
      const directive = textFragment(chunk, quote).split(":~:text=")[1] ?? "";
      const parts = directive.split(",").map((part) => decodeURIComponent(part.replace(/^-|-$/g, "")).toLowerCase());
      return parts.filter((part) => !blocks.some((block) => block.includes(part)));
    }),
  );
}

/** Alternative text, or a line made of JSON-LD. */
function isUnseen(part: string, html: string): boolean {
  const document = parseHTML(html).document;
  const pictures = [...document.querySelectorAll("img")].map((image) => image.getAttribute("alt") ?? "");
  const data = [...document.querySelectorAll('script[type="application/ld+json"]')].map((script) => script.textContent);
  const unseen = [...pictures, ...data].join("\n").toLowerCase();
  return unseen.includes(part) || /^(?:address|availability|sku|brand|gtin|price|rating|opening hours): /.test(part);
}

test.each([
  ["question-with-microdata", "https://garden.test/questions/4821"],
  ["forum-with-profiles", "https://forum.test/viewtopic.php?t=88"],
  ["forum-of-tables", "https://board.test/showthread.php?t=9"],
  ["forum-of-messages", "https://talk.test/threads/seedlings.51/"],
  ["product-with-microdata", "https://gartenmarkt.test/hs550"],
])("every part of every link to a passage of %s stands in one block of the page", (name, url) => {
  const html = readFileSync(join(import.meta.dirname, "extract/pages", `${name}.html`), "utf8");
  expect(deadParts(html, url)).toEqual([]);
});

test("so it does on the pages of the sample site, but for words of pictures and data that nobody is shown", async () => {
  const dead = await Promise.all(
    indexablePages.slice(0, 60).map(async (path) => {
      const response = await fetch(site.url + path);
      if (!response.ok) return [];
      const html = await response.text();
      return deadParts(html, site.url + path)
        .filter((part) => !isUnseen(part, html))
        .map((part) => `${path}: ${part}`);
    }),
  );
  expect(dead.flat()).toEqual([]);
});
