/** A piece of markup that needs no further escaping. */
export class Html {
  constructor(readonly value: string) {}
  toString(): string {
    return this.value;
  }
}

export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[];

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Escapes text for element content and for quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Marks a string as markup. Only for markup that this folder wrote itself. */
export function raw(markup: string): Html {
  return new Html(markup);
}

function render(value: HtmlValue): string {
  if (value === false || value === null || value === undefined) return "";
  if (value instanceof Html) return value.value;
  if (typeof value === "object") return value.map(render).join("");
  return escapeHtml(String(value));
}

/** Template tag: every interpolated string is escaped, `Html` and arrays of it go in as they are. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0] ?? "";
  for (const [index, value] of values.entries()) markup += render(value) + (strings[index + 1] ?? "");
  return new Html(markup);
}

/** JSON for a `<script type="application/ld+json">` block: `<` is escaped so that no text can close the script. */
export function jsonScript(data: unknown): Html {
  return raw(JSON.stringify(data).replace(/</g, "\\u003c"));
}
