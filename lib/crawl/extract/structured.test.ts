import { expect, test } from "vitest";
import { articleBodyOf, readJsonLd } from "./json-ld";
import { structuredFacts } from "./structured";

const facts = (...scripts: unknown[]) =>
  structuredFacts(readJsonLd(scripts.map((script) => (typeof script === "string" ? script : JSON.stringify(script)))));

test("an FAQ becomes questions and answers, markup stripped, incomplete ones left out", () => {
  const question = (name: string, text?: string) => ({
    "@type": "Question",
    name,
    acceptedAnswer: text && { "@type": "Answer", text },
  });
  expect(
    facts({
      "@type": "FAQPage",
      mainEntity: [question("Refund?", "<p>Yes,&nbsp;within <b>30</b> days.</p><p>Always.</p>"), question("Open?")],
    }),
  ).toEqual([
    { type: "FAQPage", data: { questions: [{ question: "Refund?", answer: "Yes, within 30 days.\nAlways." }] } },
  ]);
});

test("facts are found inside @graph and lists, and under full type names", () => {
  const product = {
    "@type": ["http://schema.org/Product"],
    name: "Sill",
    offers: [{ lowPrice: 10, highPrice: 20, priceCurrency: "EUR", availability: "http://schema.org/InStock" }],
  };
  expect(facts({ "@graph": [[product]] })).toEqual([
    {
      type: "Product",
      data: { name: "Sill", offers: [{ lowPrice: "10", highPrice: "20", currency: "EUR", availability: "InStock" }] },
    },
  ]);
});

test("a business keeps how to reach it and when; a bare organization name is no fact", () => {
  const hours = { dayOfWeek: ["https://schema.org/Monday", "Tuesday"], opens: "09:00", closes: "17:00" };
  const address = { streetAddress: "Quay 1", postalCode: "9000", addressLocality: "Ghent" };
  expect(
    facts(
      { "@type": "Store", name: "Acme", telephone: "+32 1", address, openingHoursSpecification: hours },
      { "@type": "Organization", name: "Acme" },
    ),
  ).toEqual([
    {
      type: "Store",
      data: {
        name: "Acme",
        telephone: "+32 1",
        address: "Quay 1, 9000, Ghent",
        openingHours: ["Monday, Tuesday 09:00–17:00"],
      },
    },
  ]);
});

test("the steps of a how-to are listed across its sections", () => {
  const step = (text: string) => ({ "@type": "HowToStep", text });
  expect(
    facts({
      "@type": "HowTo",
      name: "Plant",
      step: [step("Fill"), { "@type": "HowToSection", name: "Pods", itemListElement: [step("Open"), step("Push")] }],
    }),
  ).toEqual([{ type: "HowTo", data: { name: "Plant", steps: ["Fill", "Open", "Push"] } }]);
});

test("an article's dates, crumbs and a product's properties are facts", () => {
  expect(
    facts(
      {
        "@type": "BlogPosting",
        headline: "Water",
        author: [{ name: "Ann" }],
        datePublished: "2026-01-02",
        dateModified: "2026-01-03",
      },
      { "@type": "BreadcrumbList", itemListElement: [{ name: "Shop" }, { item: { name: "Planters" } }] },
      {
        "@type": "Product",
        name: "Sill",
        gtin13: "871",
        additionalProperty: { name: "Depth", value: 14, unitText: "cm" },
      },
    ),
  ).toEqual([
    {
      type: "Article",
      data: { headline: "Water", author: "Ann", publishedAt: "2026-01-02", modifiedAt: "2026-01-03" },
    },
    { type: "BreadcrumbList", data: { names: ["Shop", "Planters"] } },
    {
      type: "Product",
      data: { name: "Sill", gtin: "871", offers: [], properties: [{ name: "Depth", value: "14 cm" }] },
    },
  ]);
});

test.each([
  ["raw line breaks", '{"@type":"Product","name":"two\nlines"}', ["two lines"]],
  ["commas too many", '{"@type":"Product","name":"one",}', ["one"]],
  ["a comment around it", '<!-- {"@type":"Product","name":"one"} -->', ["one"]],
  ["a CDATA section", '//<![CDATA[\n{"@type":"Product","name":"one"}\n//]]>', ["one"]],
  ["objects in a row", '{"@type":"Product","name":"one"} {"@type":"Product","name":"two"};', ["one", "two"]],
  ["no end", '{"@type":"Product","name":"one"', []],
  ["nothing", "null", []],
])("a script with %s is read as far as it can be", (_mistake, script, names) => {
  expect(facts(script, "[]").map(({ data }) => data.name)).toEqual(names);
});

test("a cut-off articleBody is not a body", () => {
  const body = "Words of the story, one after the other. ".repeat(8);
  expect(articleBodyOf(readJsonLd([JSON.stringify({ "@type": "Article", articleBody: `${body}…` })]))).toBeUndefined();
  expect(articleBodyOf(readJsonLd([JSON.stringify({ "@type": "Article", articleBody: body })]))).toBe(body.trim());
});
