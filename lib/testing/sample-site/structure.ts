import type { Page } from "@/lib/testing/sample-site/content";

export const BRAND = "Sprigwell";

/** Sections of the help centre in the order of the sidebar. */
export const HELP_SECTIONS = [
  { id: "start", name: "Getting started", blurb: "Unpack, connect, plant" },
  { id: "care", name: "Growing and care", blurb: "Water, food, light, harvest" },
  { id: "fix", name: "Troubleshooting", blurb: "Error codes and odd leaves" },
  { id: "app", name: "App and account", blurb: "Plans, people, messages" },
  { id: "orders", name: "Orders and delivery", blurb: "Shipping, returns, warranty" },
  { id: "faq", name: "Questions and answers", blurb: "Short answers to many things" },
] as const;

export const SHOP_CATEGORIES = [
  { id: "gardens", name: "Gardens" },
  { id: "pods", name: "Seed pods" },
  { id: "care", name: "Plant care" },
  { id: "accessories", name: "Accessories" },
  { id: "spares", name: "Spare parts" },
  { id: "gifts", name: "Gifts" },
] as const;

export const SECTION_HOME: Record<string, { name: string; path: string }> = {
  shop: { name: "Shop", path: "/products" },
  help: { name: "Help centre", path: "/help" },
  developers: { name: "Developers", path: "/developers" },
  journal: { name: "Journal", path: "/journal" },
  community: { name: "Community", path: "/community" },
  company: { name: "About us", path: "/about" },
  legal: { name: "Legal", path: "/legal/terms-and-privacy" },
  de: { name: "Deutsch", path: "/de/produkte/sill" },
  fr: { name: "Français", path: "/fr/reparateurs" },
};

/** `help` for all sections of the help centre, `shop` for products, else the section itself. */
export function areaOf(page: Page): string {
  if (page.lang !== "en") return page.lang;
  if (page.kind === "product" || page.kind === "products") return "shop";
  if (page.kind === "helphub" || HELP_SECTIONS.some((section) => section.id === page.section)) return "help";
  return page.section;
}

/** Links of the footer. Some carry campaign parameters, some lead to places that crawlers must leave alone. */
export const FOOTER: readonly {
  title: string;
  links: readonly (readonly [label: string, href: string, rel?: string])[];
}[] = [
  {
    title: "Shop",
    links: [
      ["Gardens", "/products#gardens"],
      ["Compare gardens", "/compare"],
      ["Plans and prices", "/plans?utm_source=footer&utm_medium=web"],
      ["Classroom", "/plans/classroom"],
      ["Gift card", "/products/gift-card"],
      ["Current offer", "/offer"],
      ["Basket", "/cart"],
    ],
  },
  {
    title: "Help",
    links: [
      ["Help centre", "/help"],
      ["Shipping", "/help/shipping"],
      ["Returns", "/help/returns"],
      ["Track an order", "/help/track-order"],
      ["Warranty", "/go/warranty"],
      ["Error codes", "/help/error-codes"],
      ["Contact", "/contact"],
    ],
  },
  {
    title: "Sprigwell",
    links: [
      ["About us", "/about"],
      ["Stores", "/stores"],
      ["Events", "/events"],
      ["Journal", "/journal"],
      ["Sustainability", "/sustainability"],
      ["Careers", "/careers"],
      ["Press", "/press"],
      ["Affiliate terms", "/partners/affiliate-terms", "nofollow"],
    ],
  },
  {
    title: "For makers",
    links: [
      ["API", "/developers"],
      ["Webhooks", "/developers/webhooks"],
      ["Changelog", "/developers/changelog"],
      ["Community", "/community"],
      ["Garden planner", "/garden-planner"],
      ["Manual (PDF)", "/downloads/sill-manual.pdf"],
      ["System status", "https://status.sprigwell.example/"],
    ],
  },
];
