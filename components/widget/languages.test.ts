import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { WIDGET_LANGUAGES } from "@/lib/agents/schema";
import type { PartContext } from "./part";
import { english, fill, type Plural, plural, type Words } from "./strings";

const DIRECTORY = import.meta.dirname;
const namesIn = (directory: string) =>
  readdirSync(join(DIRECTORY, directory)).flatMap((name) => /^([\w-]+)\.ts$/.exec(name)?.[1] ?? []);
const codes = namesIn("languages");

type Table = Record<string, unknown>;

/** What a language module puts in. */
async function wordsOf(code: string): Promise<Words> {
  const { default: module } = await import(`./languages/${code}.ts`);
  const words = { ...english, language: "en" } as Words;
  module.mount({ words } as PartContext<object>);
  return words;
}

async function englishOfParts(): Promise<Record<string, Table>> {
  const parts: Record<string, Table> = {};
  for (const name of namesIn("parts")) {
    const { strings } = (await import(`./parts/${name}.ts`)).default as { strings: Table };
    if (Object.keys(strings).length) parts[name] = strings;
  }
  return parts;
}

/** Every text by its path; of plurals each form. */
function texts(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value as Table).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

const isPlural = (value: unknown): value is Plural =>
  typeof value === "object" && value !== null && "other" in value && !("why" in value);

function plurals(value: unknown, path = ""): [string, Plural][] {
  if (isPlural(value)) return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => plurals(inner, `${path}.${key}`));
}

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("there are thirteen languages besides English, and an agent can have each", () => {
  expect(["en", ...codes].toSorted()).toEqual([...WIDGET_LANGUAGES].toSorted());
  expect(codes).toEqual(["ar", "de", "es", "fr", "he", "hi", "it", "ja", "nl", "pl", "pt", "tr", "zh"]);
});

test.each(codes)(
  "%s has every text that English has, none besides, and none that was left in English",
  async (code) => {
    const { language, parts, ...own } = await wordsOf(code);
    expect(language).toBe(code);
    const inEnglish = await englishOfParts();
    const paths = (value: unknown) =>
      texts(value)
        .map(([path]) => path.replace(/\.(zero|one|two|few|many|other)$/, (form) => (form === ".other" ? form : "")))
        .filter((path, i, all) => all.indexOf(path) === i && !all.includes(`${path}.other`))
        .sort();
    expect(paths({ language, ...own })).toEqual(paths(english));
    expect(paths(parts)).toEqual(paths(inEnglish));
    // Words that are the same in both.
    const same = new Set(["Code", "Conversation", "Sources", "Source {number}", "Source {number}: {title}"]);
    const englishTexts = new Map([...texts(english), ...texts(inEnglish)]);
    const left = [...texts(own), ...texts(parts)].filter(
      ([path, text]) => englishTexts.get(path) === text && !same.has(text),
    );
    expect(left).toEqual([]);
    expect([...texts(own), ...texts(parts)].filter(([, text]) => !text.trim())).toEqual([]);
  },
);

test.each(codes)("%s fills in what English fills in", async (code) => {
  const { parts, ...own } = await wordsOf(code);
  const inEnglish = new Map([...texts(english), ...texts(await englishOfParts())]);
  for (const [path, text] of [...texts(own), ...texts(parts)]) {
    const like = inEnglish.get(path);
    if (like && !/\.(one|other)$/.test(path)) expect([path, placeholders(text)]).toEqual([path, placeholders(like)]);
  }
});

test.each(["en", ...codes])("%s has a form for each plural category of the language, and only those", async (code) => {
  const found = code === "en" ? plurals(await englishOfParts()) : plurals((await wordsOf(code)).parts);
  const { pluralCategories } = new Intl.PluralRules(code).resolvedOptions();
  expect(found.length).toBeGreaterThanOrEqual(2);
  for (const [path, forms] of found) {
    expect([path, Object.keys(forms).sort()]).toEqual([path, [...pluralCategories].sort()]);
    // Where a category holds one number alone its word may stand for it.
    for (const n of [5, 11, 25, 1.5]) expect(plural(forms, n, code)).toContain(n.toLocaleString(code));
  }
});

test("the form is the language's, not English's", () => {
  const forms = { one: "{n} a", few: "{n} b", many: "{n} c", other: "{n} d" };
  expect([1, 3, 5, 22, 1.5].map((n) => plural(forms, n, "pl"))).toEqual(["1 a", "3 b", "5 c", "22 b", "1,5 d"]);
  expect(plural({ other: "{n} only" }, 1, "en")).toBe("1 only");
});

test("what stands in the place of a name is not filled in again", () => {
  expect(fill("{name} said: {text}", { name: "{text}", text: "$&" })).toBe("{text} said: $&");
});
