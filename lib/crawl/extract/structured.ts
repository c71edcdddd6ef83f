import { asList, asText, type JsonLdItem } from "./json-ld";

export type { JsonLdItem } from "./json-ld";

const MAX_FACTS = 20;
const MAX_PARTS = 100;

interface Offer {
  price?: string;
  lowPrice?: string;
  highPrice?: string;
  /** ISO 4217. */
  currency?: string;
  /** schema.org's word, such as "InStock". */
  availability?: string;
}

/** What is kept of each kind of fact. "Organization" stands for its own kinds too, such as LocalBusiness or Store. */
export interface FactOf {
  FAQPage: { questions: QuestionAndAnswer[] };
  Product: {
    name: string;
    description?: string;
    brand?: string;
    sku?: string;
    gtin?: string;
    offers: Offer[];
    properties?: { name: string; value: string }[];
    rating?: string;
    reviewCount?: string;
  };
  HowTo: { name: string; description?: string; totalTime?: string; steps: string[] };
  Organization: { name: string; telephone?: string; email?: string; address?: string; openingHours?: string[] };
  Article: { headline: string; author?: string; publishedAt?: string; modifiedAt?: string };
  BreadcrumbList: { names: string[] };
}

/** A fact that a page states about itself in JSON-LD, reduced to what an answer can quote. `type` is the schema.org type; see FactOf. */
export interface StructuredFact {
  type: string;
  data: Record<string, unknown>;
}

interface QuestionAndAnswer {
  question: string;
  answer: string;
}

const ARTICLE_TYPE = /^(?:Article|NewsArticle|ReportageNewsArticle|BlogPosting|TechArticle)$/;
const BUSINESS_TYPE =
  /^(?:Organization|Corporation|LocalBusiness|Store|Restaurant|Hotel|ProfessionalService|MedicalBusiness|Dentist|OnlineStore)$/;

export function structuredFacts(items: readonly JsonLdItem[]): StructuredFact[] {
  const facts: StructuredFact[] = [];
  for (const item of items) {
    const fact = factOf(item);
    if (fact && facts.length < MAX_FACTS) facts.push(fact);
  }
  return facts;
}

export function questionsOf(facts: readonly StructuredFact[]): QuestionAndAnswer[] {
  return facts.flatMap((fact) =>
    fact.type === "FAQPage" ? (fact.data as unknown as FactOf["FAQPage"]).questions : [],
  );
}

function factOf({ types, value }: JsonLdItem): StructuredFact | undefined {
  if (types.includes("FAQPage") || types.includes("QAPage")) return faq(value);
  if (types.includes("Product") || types.includes("ProductGroup")) return product(value);
  if (types.includes("HowTo")) return howTo(value);
  if (types.some((type) => ARTICLE_TYPE.test(type))) return article(value);
  if (types.includes("BreadcrumbList")) return breadcrumbs(value);
  const business = types.find((type) => BUSINESS_TYPE.test(type));
  return business ? organization(business, value) : undefined;
}

function faq(value: Record<string, unknown>): StructuredFact | undefined {
  const questions = asList(value.mainEntity).slice(0, MAX_PARTS).flatMap(questionAndAnswer);
  return questions.length > 0 ? { type: "FAQPage", data: { questions } } : undefined;
}

function questionAndAnswer(entity: unknown): QuestionAndAnswer[] {
  const { name, acceptedAnswer, suggestedAnswer } = record(entity);
  const question = asText(name, 1_000);
  const answer = asText(record(asList(acceptedAnswer)[0] ?? asList(suggestedAnswer)[0]).text);
  return question && answer ? [{ question, answer }] : [];
}

function product(value: Record<string, unknown>): StructuredFact | undefined {
  const name = asText(value.name, 500);
  if (!name) return undefined;
  const rating = record(value.aggregateRating);
  return {
    type: "Product",
    data: known({
      name,
      description: asText(value.description),
      brand: asText(value.brand, 200),
      sku: asText(value.sku ?? value.mpn, 100),
      gtin: asText(value.gtin ?? value.gtin13 ?? value.gtin14 ?? value.gtin12 ?? value.gtin8, 50),
      offers: asList(value.offers).slice(0, MAX_PARTS).map(offer),
      properties: propertiesOf(value.additionalProperty),
      rating: asText(rating.ratingValue, 20),
      reviewCount: asText(rating.reviewCount ?? rating.ratingCount, 20),
    }),
  };
}

function propertiesOf(value: unknown): { name: string; value: string }[] | undefined {
  const properties = asList(value)
    .slice(0, MAX_PARTS)
    .flatMap((property) => {
      const { name, value: stated, unitText } = record(property);
      const label = asText(name, 100);
      const text = asText(stated, 500);
      return label && text ? [{ name: label, value: [text, asText(unitText, 50)].filter(Boolean).join(" ") }] : [];
    });
  return properties.length > 0 ? properties : undefined;
}

function article(value: Record<string, unknown>): StructuredFact | undefined {
  const headline = asText(value.headline ?? value.name, 500);
  if (!headline) return undefined;
  return {
    type: "Article",
    data: known({
      headline,
      author: asText(value.author, 200),
      publishedAt: asText(value.datePublished, 100),
      modifiedAt: asText(value.dateModified, 100),
    }),
  };
}

function breadcrumbs(value: Record<string, unknown>): StructuredFact | undefined {
  const names = asList(value.itemListElement)
    .slice(0, MAX_PARTS)
    .flatMap((element) => asText(record(element).name ?? record(record(element).item).name, 200) ?? []);
  return names.length > 0 ? { type: "BreadcrumbList", data: { names } } : undefined;
}

function offer(value: unknown): Record<string, unknown> {
  const { price, lowPrice, highPrice, priceCurrency, availability, priceSpecification } = record(value);
  const specification = record(asList(priceSpecification)[0]);
  return known({
    price: asText(price ?? specification.price, 50),
    lowPrice: asText(lowPrice, 50),
    highPrice: asText(highPrice, 50),
    currency: asText(priceCurrency ?? specification.priceCurrency, 10),
    availability: asText(availability, 200)?.replace(/^https?:\/\/schema\.org\//, ""),
  });
}

function howTo(value: Record<string, unknown>): StructuredFact | undefined {
  const name = asText(value.name, 500);
  const steps = asList(value.step).slice(0, MAX_PARTS).flatMap(stepTexts);
  if (!name || steps.length === 0) return undefined;
  return {
    type: "HowTo",
    data: known({ name, description: asText(value.description), totalTime: asText(value.totalTime, 50), steps }),
  };
}

/** A step, or a section whose steps are listed inside it. */
function stepTexts(value: unknown): string[] {
  if (typeof value === "string") return [value.slice(0, 2_000)];
  const step = record(value);
  const own = asText(step.text ?? step.name, 2_000);
  const inner = asList(step.itemListElement).slice(0, MAX_PARTS);
  if (inner.length > 0 && (step["@type"] === "HowToSection" || !own)) {
    return inner.flatMap((part) => asText(record(part).text ?? part, 2_000) ?? []);
  }
  return own ? [own] : [];
}

function organization(type: string, value: Record<string, unknown>): StructuredFact | undefined {
  const name = asText(value.name, 500);
  const contact = record(asList(value.contactPoint)[0]);
  const data = known({
    name,
    telephone: asText(value.telephone ?? contact.telephone, 100),
    email: asText(value.email ?? contact.email, 200),
    address: address(value.address),
    openingHours: openingHours(value),
  });
  return name && Object.keys(data).length > 1 ? { type, data } : undefined;
}

function address(value: unknown): string | undefined {
  if (typeof value === "string") return asText(value, 500);
  const { streetAddress, postalCode, addressLocality, addressRegion, addressCountry } = record(asList(value)[0]);
  const parts = [streetAddress, postalCode, addressLocality, addressRegion, addressCountry].map((part) =>
    asText(part, 200),
  );
  return parts.filter((part) => part !== undefined).join(", ") || undefined;
}

function openingHours(value: Record<string, unknown>): string[] | undefined {
  const plain = asList(value.openingHours).flatMap((hours) => asText(hours, 200) ?? []);
  const specified = asList(value.openingHoursSpecification)
    .slice(0, 20)
    .flatMap((entry) => {
      const { dayOfWeek, opens, closes } = record(entry);
      const days = asList(dayOfWeek).map((day) => asText(day, 100)?.replace(/^https?:\/\/schema\.org\//, "") ?? "");
      return opens && closes ? [`${days.join(", ")} ${asText(opens)}–${asText(closes)}`.trim()] : [];
    });
  const all = [...plain, ...specified].slice(0, 20);
  return all.length > 0 ? all : undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function known(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
