import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { extractPage } from "@/lib/crawl/extract";

const page = (name: string) => readFileSync(join(import.meta.dirname, "pages", `${name}.html`), "utf8");

test("a product keeps price, variants, stock, description, properties and closed questions; reviews, offers and controls go", () => {
  const { kind, markdown } = extractPage(page("product-with-json-ld"), "https://sprigwell.test/products/sill");
  expect(kind).toBe("product");
  expect(markdown).toBe(`# Sill Planter 40

€129.00 Tax included. [Shipping](https://sprigwell.test/shipping) calculated at checkout.

Colour

Sage Clay

In stock, ships within 2 working days

Pay in 3 interest-free instalments of €43.00. [Learn more](https://sprigwell.test/products/sill#)

The Sill waters up to six herbs for ten days. It fits every window sill that is at least 14 cm deep.

- Tank of 1.8 litres
- No electricity needed

- **Material**
  Recycled ABS
- **Weight**
  1.2 kg
- **Warranty**
  3 years

**Shipping & returns**

Returns are free for 30 days after delivery.

**How do I clean it?**

Rinse the tank with lukewarm water every month.

### Is it frost proof?

No. Bring it in below 2 °C.

- A self-watering planter.
- Brand: Sprigwell
- SKU: SP-40
- GTIN: 8712345678906
- Rating: 4.6 (212 reviews)`);
});

test("a product in another language, told by microdata alone, keeps its data and loses what others bought and wrote", () => {
  const { kind, markdown, language } = extractPage(page("product-with-microdata"), "https://gartenmarkt.test/hs550");
  expect({ kind, language }).toEqual({ kind: "product", language: "de" });
  expect(markdown).toBe(`# Akku-Heckenschere HS 550

Kettwig

189,99 € inkl. MwSt.

Die HS 550 schneidet Äste bis 24 mm. Der Akku hält 45 Minuten.

## Technische Daten

- **Schnittlänge**
  55 cm
- **Gewicht**
  3,1 kg
- **Spannung**
  36 V

## Häufige Fragen

### Ist der Akku dabei?

Ja, ein Akku mit 2,5 Ah und ein Ladegerät liegen bei.`);
});

test("tabs that are closed are kept but for the reviews, and facts nobody is shown are added", () => {
  const { markdown } = extractPage(page("product-of-tabs"), "https://shop.test/p/nutrient");
  expect(markdown).toBe(`# Nutrient A+B

24,90 €

Feeds one Tower for three months.

SKU: NAB-2

## Description

Mix 2 ml of each part into a litre of water. Never pour the concentrates together: they form stones.

## Additional information

|  |  |
| --- | --- |
| Weight | 2.3 kg |
| Storage | 5 to 25 °C |

- Two-part feed for all leaves.
- NPK: 4-1-6
- Shelf life: 24 months`);
});

describe("other products", () => {
  const shop = (body: string) =>
    `<html><head><meta property="og:type" content="product"></head><body><main><h1>Sill</h1><p>€129</p><p>It waters six herbs for ten days and needs no electricity at all.</p>${body}</main></body></html>`;
  const markdownOf = (body: string) => extractPage(shop(body), "https://shop.test/p/sill").markdown;

  test("are told by a link and a price each, whatever the boxes are called", () => {
    const card = (name: string) => `<div class="k7"><a href="/p/${name}">Zebra ${name}</a><em>€19.00</em></div>`;
    const kept = markdownOf(
      `<div class="k1"><h2>Zebra picks of the week</h2><div>${card("a")}${card("b")}${card("c")}</div></div><p>Made in Ghent from recycled plastic.</p>`,
    );
    expect(kept).not.toContain("Zebra");
    expect(kept).toContain("Made in Ghent from recycled plastic.");
  });

  test("under a heading among its siblings end at the next heading", () => {
    const kept = markdownOf(
      `<h2>You may also like</h2><ul><li>Zebra</li></ul><p>Zebra</p><h2>Delivery</h2><p>Two days.</p>`,
    );
    expect(kept).not.toContain("Zebra");
    expect(kept).toMatch(/## Delivery\n\nTwo days\.$/);
  });

  test("are not the variants of this one, which have no page of their own", () => {
    const variant = (name: string) => `<li class="v">${name} €9.00</li>`;
    expect(markdownOf(`<ul>${variant("Small")}${variant("Medium")}${variant("Large")}</ul>`)).toContain(
      "- Medium €9.00",
    );
  });
});
