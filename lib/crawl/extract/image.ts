import { collapse } from "./text";
import type { PageNode } from "./tree";

const SMALL_PX = 48;

/** An image's alternative text when it says something: several words, no file name, no logo, icon or portrait. */
export function meaningfulAlt(node: PageNode): string | undefined {
  const { alt, width } = node.attributes;
  if (!alt || (width !== undefined && Number.parseInt(width, 10) <= SMALL_PX)) return undefined;
  const text = collapse(alt).slice(0, 500);
  if (text.length < 8 || !text.includes(" ") || /\.(?:png|jpe?g|gif|svg|webp|avif)$/i.test(text)) return undefined;
  return /\b(?:logo|icon|avatar|spacer|thumbnail|badge)\b/i.test(text) && text.length < 40 ? undefined : text;
}
