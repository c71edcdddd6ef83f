import { describe, expect, test } from "vitest";
import { extractPage } from "@/lib/crawl/extract";

const ANSWER = "Yes, within thirty days of delivery and free of charge.";
const FAQ = {
  "@type": "FAQPage",
  mainEntity: [
    {
      "@type": "Question",
      name: "May I send it back?",
      acceptedAnswer: { "@type": "Answer", text: `<p>${ANSWER}</p>` },
    },
  ],
};

function markdownOf(data: unknown, body: string, url = "https://acme.test/help/returns"): string {
  const script = `<script type="application/ld+json">${JSON.stringify(data)}</script>`;
  const html = `<html><head>${script}</head><body><main><h1>Page</h1><p>An introduction that is long enough to be the text of a page, with a second clause.</p>${body}</main></body></html>`;
  return extractPage(html, url).markdown;
}

describe("what JSON-LD states and the page does not show is added", () => {
  test("questions with their answers, inside a graph too, as headings of their own", () => {
    expect(markdownOf({ "@graph": [FAQ] }, "")).toMatch(new RegExp(`\\n\\n## May I send it back\\?\\n\\n${ANSWER}$`));
  });

  test("the steps of a how-to, in order", () => {
    const howTo = { "@type": "HowTo", name: "Clean the tank", step: [{ text: "Empty it." }, { text: "Rinse it." }] };
    expect(markdownOf(howTo, "")).toMatch(/\n\n## Clean the tank\n\n1\. Empty it\.\n2\. Rinse it\.$/);
  });

  test("how to reach a business, on its own pages", () => {
    const shop = { "@type": "Store", name: "Acme", telephone: "+32 9 123", openingHours: "Mo-Fr 09:00-17:00" };
    expect(markdownOf(shop, "", "https://acme.test/contact")).toMatch(
      /- Acme\n- Telephone: \+32 9 123\n- Opening hours: Mo-Fr 09:00-17:00$/,
    );
    expect(markdownOf(shop, "")).not.toContain("Telephone");
  });

  test("a product's price, as often as it is not shown in any notation", () => {
    const product = (price: string) => ({ "@type": "Product", name: "Page", offers: { price, priceCurrency: "EUR" } });
    for (const shown of ["€1,299.00", "1.299,00 €", "1299", "1 299,-"])
      expect(markdownOf(product("1299.00"), `<p>${shown}</p>`, "https://acme.test/p/1")).not.toContain("Price:");
    expect(markdownOf(product("12.99"), "<p>€1,299.00</p>", "https://acme.test/p/1")).toMatch(/- Price: 12\.99 EUR$/);
  });
});

describe("what the page shows is not said twice", () => {
  test("an answer with other punctuation and markup", () => {
    const shown = markdownOf(
      FAQ,
      `<h2>May I send it back?</h2><p>Yes — within <b>thirty days</b> of delivery, and free of charge!</p>`,
    );
    expect(shown.match(/thirty days/g)).toHaveLength(1);
  });

  test("an answer that opens on a click", () => {
    const shown = markdownOf(
      FAQ,
      `<h2><button aria-expanded="false" aria-controls="p1">May I send it back?</button></h2><div id="p1" style="display:none"><p>${ANSWER}</p></div>`,
    );
    expect(shown.match(/thirty days/g)).toHaveLength(1);
  });

  test("steps that the page tells", () => {
    const howTo = { "@type": "HowTo", name: "Clean", step: [{ text: "Empty it first." }, { text: "Rinse it well." }] };
    expect(markdownOf(howTo, "<ol><li>Empty it first.</li><li>Rinse it well.</li></ol>")).not.toContain("## Clean");
  });
});
