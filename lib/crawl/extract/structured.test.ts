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

test("raw line breaks in strings are forgiven, other broken scripts are skipped", () => {
  expect(
    facts('{"@type":"Product","name":"two\nlines"}', "{broken", "null", "[]").map(({ data }) => data.name),
  ).toEqual(["two lines"]);
});

test("a cut-off articleBody is not a body", () => {
  const body = "Words of the story, one after the other. ".repeat(8);
  expect(articleBodyOf(readJsonLd([JSON.stringify({ "@type": "Article", articleBody: `${body}…` })]))).toBeUndefined();
  expect(articleBodyOf(readJsonLd([JSON.stringify({ "@type": "Article", articleBody: body })]))).toBe(body.trim());
});
