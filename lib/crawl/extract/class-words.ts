import { memo } from "../memo";
import {
  CAPTION,
  CERTAIN_JUNK,
  COMMENTS,
  CONTENT,
  JUNK,
  POST_FURNITURE,
  PROTECTED_JUNK,
  RELAXED_JUNK,
  SALES_WORDS,
  TABLE_JUNK,
} from "./vocabulary";

/** Longer class attributes are generated noise. */
const MAX_KEY_CHARS = 400;
const MAX_KNOWN = 5_000;

/** `has-sidebar`, `menu-open`: a word about the layout around an element, not about the element. */
const LAYOUT_FLAG =
  /(?:^|\s)(?:(?:has|with|no|without|not|uses?|enable|hide)[_-][\w-]*|[\w-]*-(?:enabled|disabled|collapsed|open|visible|present|active|left|right)(?=\s|$))/g;
/** WordPress lists a post's categories and tags as classes of its wrapper. */
const WORDPRESS_WRAPPER = /hentry|type-post|type-page|post-\d|status-publish/;
const WORDPRESS_FLAG = /(?:^|\s)(?:category|tag|author|status|format|type|post|page|single)[_-][\w-]*/g;

/**
 * The class and id of an element as whole dashed tokens, and what the vocabulary says about them.
 * One instance is shared by all elements with the same class and id; every verdict is computed once, when asked.
 */
export class ClassWords {
  /** Lower case, camelCase split, `_` and repeated dashes as one dash; "" without class and id. */
  readonly all: string;
  /** `all` without layout flags: only these words may condemn an element. */
  private readonly own: string;
  private readonly verdicts = new Map<RegExp, boolean>();

  constructor(className: string, id: string) {
    const raw = `${className} ${id}`
      .trim()
      .slice(0, MAX_KEY_CHARS)
      .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
      .toLowerCase();
    this.all = dashed(raw);
    let own = raw.replace(/__|--/g, "-").replace(LAYOUT_FLAG, " ");
    if (WORDPRESS_WRAPPER.test(raw)) own = own.replace(WORDPRESS_FLAG, " ");
    this.own = dashed(own);
  }

  get isEmpty(): boolean {
    return this.all === "";
  }
  get isJunk(): boolean {
    return this.ownMatch(JUNK);
  }
  /** Junk by words that are content on a page that sells or presents: badges, calls to action, people. */
  get isSalesWord(): boolean {
    return this.ownMatch(SALES_WORDS);
  }
  get isCommentList(): boolean {
    return this.ownMatch(COMMENTS);
  }
  get isRelaxedJunk(): boolean {
    return this.allMatch(RELAXED_JUNK);
  }
  /** Junk that no amount of text redeems. */
  get isCertainJunk(): boolean {
    return this.allMatch(CERTAIN_JUNK);
  }
  get isTableJunk(): boolean {
    return this.allMatch(TABLE_JUNK);
  }
  /** The guards leave it alone even when it holds most of the page. */
  get isBeyondGuard(): boolean {
    return this.ownMatch(PROTECTED_JUNK);
  }
  /** Part of a forum post that is about its author or its reception. */
  get isPostFurniture(): boolean {
    return this.ownMatch(POST_FURNITURE);
  }
  get isContent(): boolean {
    return this.allMatch(CONTENT);
  }
  /** Captions, galleries, players and pull quotes of an article. */
  get isCaption(): boolean {
    return this.allMatch(CAPTION) && !this.isContent;
  }

  /** Whether a whole-token pattern made with `wholeTokens` (or any other stateless pattern) matches. */
  allMatch(pattern: RegExp): boolean {
    return this.remember(pattern, this.all);
  }

  private ownMatch(pattern: RegExp): boolean {
    return this.remember(pattern, this.own);
  }

  private remember(pattern: RegExp, words: string): boolean {
    if (words === "") return false;
    let verdict = this.verdicts.get(pattern);
    if (verdict === undefined) {
      verdict = pattern.test(words);
      this.verdicts.set(pattern, verdict);
    }
    return verdict;
  }
}

/** Pages, and the pages of one site even more, repeat few class attributes many times: the vocabulary runs once per distinct one. */
const known = memo(MAX_KNOWN, (key) => {
  const [className = "", id = ""] = key.split("\n", 2);
  return new ClassWords(className, id);
});
const NONE = new ClassWords("", "");

export function classWordsOf(className: string | undefined, id: string | undefined): ClassWords {
  if (!className && !id) return NONE;
  return known(
    `${className?.slice(0, MAX_KEY_CHARS).replaceAll("\n", " ") ?? ""}\n${id?.slice(0, MAX_KEY_CHARS) ?? ""}`,
  );
}

function dashed(words: string): string {
  return words.replace(/[_-]+/g, "-").replace(/\s+/g, " ").trim();
}
