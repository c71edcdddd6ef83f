import { CONTAINS, type JunkMark, type PageNode } from "./tree";
import { ADMONITION, COMMENT_LIST, DISCLOSURE, THREAD_POST } from "./vocabulary";

const setOf = (names: string) => new Set(names.split(" "));

const NEVER_JUNK = setOf("#root html body main");
const JUNK_TAGS = setOf("object video audio map option optgroup datalist dialog nav menu");
const JUNK_ROLES = setOf(
  "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist tooltip status form",
);
/** Their class is about layout or data; few words condemn them. */
const CLASS_SHY = setOf("article table tr tbody");
/** A button here is the question of an accordion, not a control. */
const TEXT_BUTTON_PARENTS = setOf("h1 h2 h3 h4 h5 h6 dt summary");

/** Looking for a neighbour costs time in proportion to their number; no accordion has so many. */
const MAX_SIBLINGS = 2_000;
/** A signature is no essay: what is longer is what the post says. */
const MAX_FURNITURE_PROSE = 200;

/**
 * How junk is judged on this attempt.
 * `relaxed`: the whole vocabulary removed too much, use the short one and ignore `hidden`.
 * `presents`: a product or company page, where badges, people and calls to action are content.
 * `thread`: a forum or Q&A page, where replies are content.
 */
interface JunkPolicy {
  relaxed: boolean;
  presents: boolean;
  thread: boolean;
  /** Ids of elements that a control of the page opens. */
  opened: ReadonlySet<string>;
}

/** Marks every element below `root` and forgets the results of an earlier attempt. */
export function markJunk(root: PageNode, policy: JunkPolicy): void {
  root.mark = judge(root, policy);
  root.kept = false;
  root.good = 0;
  root.bad = 0;
  for (const child of root.elements()) markJunk(child, policy);
}

export function isHidden(node: PageNode): boolean {
  const { hidden, style } = node.attributes;
  if (hidden !== undefined && hidden !== "until-found") return true;
  return style !== undefined && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style.slice(0, 500));
}

function judge(node: PageNode, policy: JunkPolicy): JunkMark {
  const { tag, attributes, words } = node;
  if (NEVER_JUNK.has(tag)) return 0;
  if (JUNK_TAGS.has(tag)) return 2;
  if (tag === "button") return isTextButton(node, policy) ? 0 : 2;
  if (tag === "footer") return 1;
  if (tag === "aside") return isAdmonition(node) ? 0 : 1;
  if (isHidden(node)) return policy.relaxed || isDisclosure(node, policy) ? 0 : 2;
  if (attributes["aria-hidden"] === "true")
    return tag === "div" || tag === "section" || isDisclosure(node, policy) ? 0 : 2;
  if (attributes.role && JUNK_ROLES.has(attributes.role)) return 2;
  if (policy.presents && tag === "header" && isSiteHeader(node)) return 1;
  // Who is quoted stands before the words in the same run.
  if (policy.thread && tag === "cite" && node.parent?.parent?.tag === "blockquote") return 2;
  if (tag === "a" && isBackLink(node)) return 2;
  if (words.isEmpty) return 0;
  return isJunkByClass(node, policy) ? 1 : 0;
}

function isJunkByClass(node: PageNode, policy: JunkPolicy): boolean {
  const { tag, words } = node;
  if (policy.thread && tag !== "article") {
    // Remarks under an answer are not answers; a list of comments that stands alone is the thread.
    if (words.allMatch(COMMENT_LIST)) return isInsidePost(node);
    if (words.isPostFurniture) return node.prose < MAX_FURNITURE_PROSE;
    if (words.isCommentList || words.allMatch(THREAD_POST)) return false;
  }
  if (policy.relaxed) return words.isRelaxedJunk;
  if (CLASS_SHY.has(tag) && !words.isTableJunk) return false;
  if (!words.isJunk) return false;
  if (policy.presents && words.isSalesWord) return node.linkShare > 0.5;
  return true;
}

function isInsidePost(node: PageNode): boolean {
  for (let up = node.parent; up && up.tag !== "body"; up = up.parent) if (up.words.allMatch(THREAD_POST)) return true;
  return false;
}

/** The header of the page, with the site's navigation, rather than of a section. */
function isSiteHeader(node: PageNode): boolean {
  return !node.has(CONTAINS.h1) && (node.has(CONTAINS.nav) || node.parent?.tag === "body");
}

function isAdmonition(node: PageNode): boolean {
  return node.attributes.role === "note" || node.words.allMatch(ADMONITION);
}

function isTextButton(node: PageNode, policy: JunkPolicy): boolean {
  const { parent, attributes } = node;
  if (!parent || node.textLength < 3) return false;
  if (TEXT_BUTTON_PARENTS.has(parent.tag)) return true;
  const panel = attributes["aria-controls"];
  if (panel === undefined) return false;
  if (isDisclosure(parent, policy)) return true;
  return (
    attributes["aria-expanded"] !== undefined && !parent.has(CONTAINS.nav) && nextElement(node)?.attributes.id === panel
  );
}

/** A panel of an accordion or of tabs: hidden until it is opened, and content. */
function isDisclosure(node: PageNode, policy: JunkPolicy): boolean {
  const { role, id } = node.attributes;
  if (role === "region" || role === "tabpanel") return true;
  // Menus and dialogs are opened too: they are links, or say what they are.
  if (id !== undefined && policy.opened.has(id)) return node.linkShare < 0.5 && !(role && JUNK_ROLES.has(role));
  return node.prose > 0 && node.words.allMatch(DISCLOSURE);
}

/** From a footnote back to its place in the text. */
function isBackLink({ attributes, textLength, children }: PageNode): boolean {
  if (attributes.role === "doc-backlink") return true;
  if (textLength > 3 || !attributes.href?.startsWith("#")) return false;
  return typeof children[0] === "string" && /^(?:[↩↑^⤴\s]|\uFE0E|\uFE0F)+$/.test(children[0]);
}

function nextElement(node: PageNode): PageNode | undefined {
  const siblings = node.parent?.elements() ?? [];
  return siblings.length > MAX_SIBLINGS ? undefined : siblings[siblings.indexOf(node) + 1];
}
