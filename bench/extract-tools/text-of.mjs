import { parseHTML } from "linkedom";

/** Text of a tool's HTML with a line for each block, which `textContent` would join into one word. */
export function textOf(html) {
  const apart = html.replace(/<\/?(?:p|div|li|ul|ol|h[1-6]|tr|td|th|pre|blockquote|br|section|dt|dd)\b/gi, "\n$&");
  return parseHTML(`<html><body>${apart}</body></html>`).document.body.textContent;
}
