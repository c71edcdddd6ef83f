import { comparable } from "./text";
import type { PageNode } from "./tree";
import { ACCEPTED, COMMENT_LIST, SCOPED_POST, THREAD_POST } from "./vocabulary";
import { commonAncestor, find, findAll, isInside, roughShapeOf, shapeOf, textOf } from "./walk";

/** One contribution to a thread, in the page's order. */
export interface Post {
  /** What its author wrote, without name, date, votes and signature. */
  body: PageNode;
  role: "question" | "answer" | "reply";
  /** Marked as the solution. */
  isAccepted: boolean;
}

export interface Thread {
  /** The element that names the thread; undefined when the page has no heading for it. */
  heading: PageNode | undefined;
  posts: Post[];
}

type ShapeOf = (node: PageNode) => string;

const MAX_POSTS = 500;
const MAX_POST_SHAPES = 200;
const MIN_POST_CHARS = 20;
const MIN_THREAD_SHARE = 0.25;
/** Unlinked text outside the posts, in shares of theirs: a page that asks may have its question there. */
const TOLERATED_BESIDE = 0.5;
const TOLERATED_BESIDE_QUESTION = 1.2;
const MAX_BODY_DEPTH = 20;
const NOT_A_POST = new Set(["html", "body", "main", "h1", "h2", "h3", "a", "ul", "ol", "form"]);
/** Share of the posts' text that one part of them must hold to be what was written rather than about whom. */
const BODY_SHARE = 0.6;
const BODY_PRESENCE = 0.8;
/** Boxes that may be nothing but the body's wrapper; lists, listings and paragraphs are text. */
const WRAPPERS = new Set([
  "div",
  "section",
  "article",
  "td",
  "tr",
  "tbody",
  "table",
  "span",
  "main",
  "blockquote",
  "dd",
]);
const AUTHOR_HREF = /\/(?:u|users?|profiles?|members?|people|author)\/|[?&](?:u|uid|user|mode=viewprofile)=?/i;
const AUTHOR_CLASS = /(?:^|[\s-])(?:author|user|username|avatar|profile|poster|member|nick\w*)(?=$|[\s-])/;
const POST_CONTROL =
  /^(?:like|reply|quote|report|share|upvote|helpful|antworten|zitieren|melden|répondre|citer|responder)\b/i;

/**
 * The contributions of a forum thread or a page of one question and its answers, by the first of these that the page offers:
 * microdata, classes that name posts, or boxes of one shape that each have an author and a date or controls.
 *
 * Junk must be marked already. What was written is told from who wrote it by looking at all posts at once: the part that holds most of
 * their text, at the same place in each.
 * @param isLikely whether something else says that the page is a thread; without it only unmistakable structures count
 */
export function findThread(root: PageNode, titles: readonly string[], isLikely: boolean): Thread | undefined {
  const posts = scopedPosts(root) ?? boxedPosts(root, isLikely);
  if (!posts) return undefined;
  const heading = headingOf(root, posts, titles);
  const opening = heading && posts[0]!.role !== "question" ? openingPost(heading, posts[0]!) : undefined;
  if (opening) return { heading, posts: [opening, ...posts] };
  return { heading, posts: [{ ...posts[0]!, role: "question" }, ...posts.slice(1)] };
}

/** schema.org microdata: the texts of Question, Answer, DiscussionForumPosting and the comments that are its replies. */
function scopedPosts(root: PageNode): Post[] | undefined {
  const bodies = findAll(root, (node) => /^(?:text|articleBody)$/.test(node.attributes.itemprop ?? ""));
  const posts = bodies.flatMap((body): Post[] => {
    const scope = scopeOf(body);
    const type = typeOf(scope);
    if (type === "Question") return [{ body, role: "question", isAccepted: false }];
    if (type === "Answer") return [{ body, role: "answer", isAccepted: isAccepted(scope!) }];
    if (type === "DiscussionForumPosting") return [{ body, role: "reply", isAccepted: false }];
    const isReply = type === "Comment" && typeOf(scopeOf(scope!)) === "DiscussionForumPosting";
    return isReply ? [{ body, role: "reply", isAccepted: isAccepted(scope!) }] : [];
  });
  const isThread = posts.some(({ body }) => /^(?:Question|DiscussionForumPosting)$/.test(typeOf(scopeOf(body))));
  // Pages of frequent questions have one question after the other; in a thread only the first asks.
  const questions = posts.filter(({ role }) => role === "question").length;
  return isThread && questions <= 1 ? posts.slice(0, MAX_POSTS) : undefined;
}

function scopeOf(node: PageNode): PageNode | undefined {
  let up = node.parent;
  while (up && up.attributes.itemscope === undefined) up = up.parent;
  return up ?? undefined;
}

function typeOf(scope: PageNode | undefined): string {
  return SCOPED_POST.exec(scope?.attributes.itemtype ?? "")?.[1] ?? "";
}

function boxedPosts(root: PageNode, isLikely: boolean): Post[] | undefined {
  const named = isLikely ? namedPosts(root) : undefined;
  if (named && named.length > 1) return named;
  return repeatedPosts(root, isLikely, shapeOf) ?? repeatedPosts(root, isLikely, roughShapeOf) ?? named;
}

/** Elements whose class calls them a post, and that do not hold several of them. */
function namedPosts(root: PageNode): Post[] | undefined {
  const isNamed = (node: PageNode) =>
    node.textLength > 0 && !NOT_A_POST.has(node.tag) && node.words.allMatch(THREAD_POST);
  const posts: PageNode[] = [];
  const visit = (node: PageNode): number => {
    let found = 0;
    for (const child of node.elements()) {
      if (child.isJunk) continue;
      const start = posts.length;
      const inner = visit(child);
      if (inner < 2 && isNamed(child)) {
        posts.length = start;
        posts.push(child);
        found++;
      } else found += inner;
    }
    return found;
  };
  visit(root);
  return posts.length > 0 ? bodiesOf(posts.slice(0, MAX_POSTS)) : undefined;
}

/** The largest group of boxes with one shape that look like posts, when they hold most of what the page says. */
function repeatedPosts(root: PageNode, isLikely: boolean, shape: ShapeOf): Post[] | undefined {
  const groups = new Map<string, PageNode[]>();
  collectShapes(root, groups, new Set(), shape);
  const least = (root.textLength - root.linkedLength) * MIN_THREAD_SHARE;
  let best: PageNode[] = [];
  for (const posts of groups.values()) {
    if (posts.length < 2 || unlinked(posts) <= Math.max(unlinked(best), least)) continue;
    const evident = posts.filter(hasAuthor).filter((post) => hasDate(post) || hasControls(post)).length;
    if (evident >= posts.length * BODY_PRESENCE) best = posts;
  }
  if (best.length === 0) return undefined;
  const outside = root.textLength - root.linkedLength - unlinked(best);
  const tolerated = unlinked(best) * (asks(root) ? TOLERATED_BESIDE_QUESTION : TOLERATED_BESIDE);
  if (!isLikely && (outside > tolerated || best.some(hasCommentList))) return undefined;
  return bodiesOf(best.slice(0, MAX_POSTS));
}

/** The page's heading is a question. */
function asks(root: PageNode): boolean {
  const heading = find(root, ({ tag }) => tag === "h1");
  return heading !== undefined && /[?？]\s*$/.test(textOf(heading, 500));
}

/** Outermost elements of each shape. */
function collectShapes(node: PageNode, groups: Map<string, PageNode[]>, above: Set<string>, shapeOf: ShapeOf): void {
  for (const child of node.elements()) {
    if (child.isJunk || child.textLength < MIN_POST_CHARS) continue;
    const shape = child.isBlock && child.attributes.class ? shapeOf(child) : "";
    const isNew = shape !== "" && !above.has(shape);
    if (isNew) {
      above.add(shape);
      const group = groups.get(shape);
      if (group && group.length < MAX_POSTS) group.push(child);
      else if (!group && groups.size < MAX_POST_SHAPES) groups.set(shape, [child]);
    }
    collectShapes(child, groups, above, shapeOf);
    if (isNew) above.delete(shape);
  }
}

function unlinked(nodes: readonly PageNode[]): number {
  return nodes.reduce((sum, node) => sum + node.textLength - node.linkedLength, 0);
}

/** Posts mark their furniture as junk, so their evidence is looked for in junk too. */
function holds(node: PageNode, test: (node: PageNode) => boolean): boolean {
  return node.elements().some((child) => test(child) || holds(child, test));
}

function hasAuthor(post: PageNode): boolean {
  return holds(post, ({ tag, attributes, words }) => {
    if (tag === "a" && AUTHOR_HREF.test(attributes.href ?? "")) return true;
    return (
      /^(?:author|creator)$/.test(attributes.itemprop ?? "") ||
      attributes.rel === "author" ||
      words.allMatch(AUTHOR_CLASS)
    );
  });
}

function hasDate(post: PageNode): boolean {
  return holds(
    post,
    (node) =>
      node.tag === "time" || /(?:^|[\s-])(?:date|time|timestamp|posted|relativetime)(?=$|[\s-])/.test(node.words.all),
  );
}

function hasControls(post: PageNode): boolean {
  return holds(
    post,
    (node) => (node.tag === "a" || node.tag === "button") && POST_CONTROL.test(textOf(node, 30).trim()),
  );
}

function hasCommentList(post: PageNode): boolean {
  for (let up: PageNode | null = post; up; up = up.parent) if (up.words.allMatch(COMMENT_LIST)) return true;
  return false;
}

/** Goes down from all posts of one shape together, into the part that holds most of their text. */
function bodiesOf(posts: readonly PageNode[]): Post[] {
  const byShape = Map.groupBy(posts, roughShapeOf);
  // A post without the common part (a picture, a note by a moderator) is kept whole.
  const bodies = new Map<PageNode, PageNode>();
  for (const group of byShape.values()) {
    let level = group;
    for (let depth = 0; depth < MAX_BODY_DEPTH; depth++) {
      const next = commonPart(level);
      if (next.length === 0) break;
      level = next;
    }
    const members = new Set(group);
    for (const body of level) {
      let up: PageNode | null = body;
      while (up && !members.has(up)) up = up.parent;
      if (up) bodies.set(up, body);
    }
  }
  return posts.map((post) => ({ body: bodies.get(post) ?? post, role: roleOf(post), isAccepted: isAccepted(post) }));
}

/** The children of one shape that nearly every element has once, when they hold most of the text; [] at the end. */
function commonPart(level: readonly PageNode[]): PageNode[] {
  const parts = new Map<string, PageNode[]>();
  for (const node of level) {
    if (node.children.some((child) => typeof child === "string" && child.trim() !== "")) return [];
    const cells = new Map<string, number>();
    for (const child of node.elements()) {
      if (child.isJunk || !WRAPPERS.has(child.tag)) continue;
      let shape = shapeOf(child);
      if (child.tag === "tr" || child.tag === "td") {
        // Rows and cells have their meaning by their place.
        const place = cells.get(shape) ?? 0;
        cells.set(shape, place + 1);
        shape += ` ${place}`;
      }
      const part = parts.get(shape);
      if (part) part.push(child);
      else parts.set(shape, [child]);
    }
  }
  const total = unlinkedText(level);
  for (const part of parts.values()) {
    const owners = new Set(part.map((node) => node.parent));
    const isOnce = owners.size === part.length && owners.size >= level.length * BODY_PRESENCE;
    if (isOnce && unlinkedText(part) >= total * BODY_SHARE) return part;
  }
  return [];
}

function unlinkedText(nodes: readonly PageNode[]): number {
  return nodes.reduce((sum, node) => sum + visibleUnlinked(node), 0);
}

function visibleUnlinked(node: PageNode): number {
  let length = 0;
  for (const child of node.children) {
    if (typeof child === "string") length += child.trim().length;
    else if (!child.isJunk && child.tag !== "a") length += visibleUnlinked(child);
  }
  return length;
}

function roleOf({ words }: PageNode): Post["role"] {
  if (/(?:^|[\s-])question(?=$|[\s-])/.test(words.all)) return "question";
  return /(?:^|[\s-])answers?(?=$|[\s-])/.test(words.all) ? "answer" : "reply";
}

function isAccepted(post: PageNode): boolean {
  const says = ({ attributes, words }: PageNode) =>
    words.allMatch(ACCEPTED) ||
    attributes.itemprop === "acceptedAnswer" ||
    ACCEPTED_LABEL.test(attributes["aria-label"] ?? attributes.title ?? "");
  return (
    says(post) ||
    holds(
      post,
      (node) =>
        says(node) || (node.textLength > 0 && node.textLength < 30 && ACCEPTED_LABEL.test(textWithJunk(node).trim())),
    )
  );
}

const ACCEPTED_LABEL =
  /^[✓✔✅☑\s]*(?:accepted(?: answer| solution)?|(?:best|correct|verified|chosen) answer|(?:marked as )?solution|solved|beste antwort|akzeptierte (?:antwort|lösung)|lösung|meilleure réponse|mejor respuesta)[\s!✓✔✅☑]*$/i;

function textWithJunk(node: PageNode): string {
  return node.children.map((child) => (typeof child === "string" ? child : textWithJunk(child))).join("");
}

/** The heading before the first post that the page's title repeats, else the last one before it, else the page's `h1`. */
function headingOf(root: PageNode, posts: readonly Post[], titles: readonly string[]): PageNode | undefined {
  const before: PageNode[] = [];
  const visit = (node: PageNode): boolean => {
    for (const child of node.elements()) {
      if (child === posts[0]!.body) return true;
      if (child.isJunk) continue;
      if (/^h[1-3]$/.test(child.tag) && child.textLength > 0) before.push(child);
      else if (visit(child)) return true;
    }
    return false;
  };
  visit(root);
  const isTitle = (node: PageNode) => {
    const words = comparable(textOf(node, 500));
    return words.length > 3 && titles.some((title) => title.startsWith(words));
  };
  return (
    before.find(isTitle) ??
    before.findLast((node) => node.tag === "h1") ??
    before.at(-1) ??
    find(root, ({ tag }) => tag === "h1")
  );
}

/** A question set apart from the answers: the box with text between the heading and the first of them. */
function openingPost(heading: PageNode, first: Post): Post | undefined {
  const top = commonAncestor(heading, first.body);
  const between: PageNode[] = [];
  let isAfter = false;
  const visit = (node: PageNode): boolean => {
    for (const child of node.elements()) {
      if (child === heading) isAfter = true;
      else if (child === first.body) return true;
      else if (isInside(heading, child) || isInside(first.body, child)) {
        if (visit(child)) return true;
      } else if (isAfter && !child.isJunk) between.push(child);
    }
    return false;
  };
  visit(top);
  const body = between.find((node) => node.prose > 0 && node.linkShare < 0.3);
  return body && { body, role: "question", isAccepted: false };
}
