import { collapse } from "./text";
import type { PageNode } from "./tree";
import { wholeTokens } from "./vocabulary";

const SMALL_PX = 48;
const FORMULA = wholeTokens([
  "math",
  "mwe-math-fallback-image-(?:inline|display)",
  "latex",
  "tex",
  "formula",
  "equation",
]);

/** An image's alternative text when it says something: several words, no file name, no logo, icon or portrait. */
export function meaningfulAlt(node: PageNode): string | undefined {
  const { alt, width } = node.attributes;
  if (!alt || (width !== undefined && Number.parseInt(width, 10) <= SMALL_PX)) return undefined;
  const text = collapse(alt).slice(0, 500);
  if (text.length < 8 || !text.includes(" ") || /\.(?:png|jpe?g|gif|svg|webp|avif)$/i.test(text)) return undefined;
  return /\b(?:logo|icon|avatar|spacer|thumbnail|badge)\b/i.test(text) && text.length < 40 ? undefined : text;
}

/** A formula as TeX or plain text: of MathML its stated alternative, of a picture its alternative text. undefined for anything else. */
export function formulaOf(node: PageNode): string | undefined {
  if (node.tag === "img")
    return node.words.allMatch(FORMULA) ? collapse(node.attributes.alt ?? "") || undefined : undefined;
  if (node.tag !== "math") return undefined;
  return collapse(node.attributes.alttext ?? texOf(node) ?? "") || undefined;
}

function texOf(node: PageNode): string | undefined {
  for (const child of node.elements()) {
    if (child.tag === "annotation" && /tex/i.test(child.attributes.encoding ?? ""))
      return child.children.filter((text) => typeof text === "string").join("");
    const inner = texOf(child);
    if (inner) return inner;
  }
  return undefined;
}
