/** One JSON-LD object that has a `@type`, wherever it stood in its script. */
export interface JsonLdItem {
  types: string[];
  value: Record<string, unknown>;
}

const MAX_SCRIPTS = 20;
const MAX_ITEMS = 500;
const MAX_DEPTH = 12;

/** Every typed object of the page's JSON-LD scripts, outer before inner. A script that is not JSON is skipped. */
export function readJsonLd(scripts: readonly string[]): JsonLdItem[] {
  const items: JsonLdItem[] = [];
  for (const script of scripts.slice(0, MAX_SCRIPTS)) collect(parse(script), items, 0);
  return items;
}

/** What people get wrong and what costs nothing to forgive: comments around, raw line breaks, commas too many, several objects in a row. */
function parse(script: string): unknown {
  const json = script
    .trim()
    .replace(/^<!--|-->$|^(?:\/\*|\/\/)\s*<!\[CDATA\[(?:\s*\*\/)?|(?:\/\*|\/\/)\s*\]\]>(?:\s*\*\/)?$/g, "");
  const spaced = json.replace(/\s+/g, " ").trim().replace(/;$/, "");
  const mended = () => spaced.replace(/,(?=\s?[}\]])/g, "");
  const attempts = [() => json, () => spaced, mended, () => `[${mended().replace(/\} ?(?=\{)/g, "},")}]`];
  for (const attempt of attempts) {
    try {
      return JSON.parse(attempt());
    } catch {
      // The next reading may be the right one; a script that has none is skipped.
    }
  }
  return undefined;
}

function collect(value: unknown, items: JsonLdItem[], depth: number): void {
  if (depth > MAX_DEPTH || items.length >= MAX_ITEMS || typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, items, depth + 1);
    return;
  }
  const object = value as Record<string, unknown>;
  const types = asList(object["@type"])
    .filter((type): type is string => typeof type === "string")
    .map((type) => type.replace(/^https?:\/\/schema\.org\//, ""));
  if (types.length > 0) items.push({ types, value: object });
  for (const inner of Object.values(object)) collect(inner, items, depth + 1);
}

export function asList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A string property, also of a nested `{ name }` or `{ "@value" }`; markup stripped, at most `maxChars`. */
export function asText(value: unknown, maxChars = 5_000): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first === "number") return String(first);
  if (typeof first === "string") return plain(first).slice(0, maxChars) || undefined;
  if (typeof first !== "object" || first === null) return undefined;
  const object = first as Record<string, unknown>;
  return asText(object.name ?? object["@value"] ?? object.text, maxChars);
}

const ENTITIES: Record<string, string> = {
  nbsp: " ",
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  ldquo: "“",
  rdquo: "”",
  apos: "'",
  "#39": "'",
  "#039": "'",
  rsquo: "’",
  lsquo: "‘",
};

/** Markup inside JSON-LD strings is left out; paragraphs stay lines. */
function plain(text: string): string {
  return text
    .replace(/<\/(?:p|div|li|h[1-6])>|<br\s*\/?>/gi, "\n")
    .replace(/<[^<>]*>/g, " ")
    .replace(/&(#?\w{2,6});/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n[ \n]*/g, "\n")
    .trim()
    .toWellFormed();
}

/** The longest `articleBody` that is not a cut-off preview, as plain text; undefined when there is none of use. */
export function articleBodyOf(items: readonly JsonLdItem[]): string | undefined {
  for (const { value } of items) {
    if (typeof value.articleBody !== "string") continue;
    const body = asText(value.articleBody, 500_000) ?? "";
    if (body.length > 200 && !/(?:\.\.\.|…)$/.test(body)) return body;
  }
  return undefined;
}
