import type { PageEvidence } from "./kind";
import type { PageNode } from "./tree";

const MIN_WORDS = 25;
const SHELL_WORDS = 60;
const APP_ROOT_ID =
  /^(?:root|app|main-app|app-root|react-root|__next|__nuxt|___gatsby|svelte|q-app|ember-application|application)$/i;
const APP_ROOT_TAG = /^(?:app-root|[a-z]+-app|ion-app)$/;

/**
 * Whether a browser is needed to read the page: scripts, hardly a word of content, and an empty element for them to fill, a
 * "please enable JavaScript", or nothing else in the body.
 */
export function needsJavaScript({ head, root }: PageEvidence, wordCount: number): boolean {
  if (head.scripts === 0 || wordCount >= SHELL_WORDS) return false;
  if (hasEmptyAppRoot(root)) return true;
  if (wordCount >= MIN_WORDS) return false;
  return (
    /javascript/i.test(head.noscript) ||
    /(?:enable|requires?|activate|turn on) javascript/i.test(head.noscript) ||
    root.textLength < 200
  );
}

function hasEmptyAppRoot(node: PageNode): boolean {
  for (const child of node.elements()) {
    const isAppRoot = APP_ROOT_TAG.test(child.tag) || APP_ROOT_ID.test(child.attributes.id ?? "");
    if (isAppRoot && child.textLength < 40) return true;
    if (hasEmptyAppRoot(child)) return true;
  }
  return false;
}
