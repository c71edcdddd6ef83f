/** What the rules of HTML say about an element, by its name. One object a name, so that they need not be looked up again. */
export interface TagRules {
  name: string;
  /** It has no end. */
  isVoid: boolean;
  /** Its content is text until its end tag, whatever that looks like; "decoded": with entities in it. */
  text: "raw" | "decoded" | undefined;
  /** Open elements that end when it begins, as authors leave their end tags out. */
  closes: ReadonlySet<string> | undefined;
  /** By whose rules its content is read, when not by those of what it stands in; "" for HTML's. */
  content: "" | "svg" | "math" | undefined;
}

const setOf = (names: string): ReadonlySet<string> => new Set(names.split(" "));

const VOID = setOf(
  "area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr",
);
const RAW_TEXT = setOf("iframe noembed noframes plaintext script style xmp");
const DECODED_TEXT = setOf("textarea title");
/** Elements of SVG and MathML in which HTML goes on; the name in camel case is one within SVG alone. */
const HTML_IN_FOREIGN = setOf("mi mo mn ms mtext annotation-xml foreignObject desc title");
const P = setOf("p");
const HEADINGS = setOf("h1 h2 h3 h4 h5 h6 p");
const CONTROLS = setOf("input option optgroup select button datalist textarea");
const SECTIONS = setOf("thead tbody");
const TERMS = setOf("dd dt");
const RUBY = setOf("rt rp");

const CLOSES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["tr", setOf("tr th td")],
  ["th", setOf("th")],
  ["td", setOf("thead th td")],
  ["body", setOf("head link script")],
  ["a", setOf("a")],
  ["li", setOf("li")],
  ["option", setOf("option")],
  ["optgroup", setOf("optgroup option")],
  ...each("p", P),
  ...each("h1 h2 h3 h4 h5 h6", HEADINGS),
  ...each("select input output button datalist textarea", CONTROLS),
  ...each("dd dt", TERMS),
  ...each("rt rp", RUBY),
  ...each("tbody tfoot", SECTIONS),
  ...each(
    "address article aside blockquote details div dl fieldset figcaption figure footer form header hr main nav ol pre section table ul",
    P,
  ),
]);

function each(names: string, closed: ReadonlySet<string>): [string, ReadonlySet<string>][] {
  return names.split(" ").map((name) => [name, closed]);
}

const MAX_KNOWN = 2_000;
const MAX_KNOWN_CHARS = 64;
const known = new Map<string, TagRules>();

/** @param name in lower case, but for `foreignObject` */
export function tagRules(name: string): TagRules {
  const found = known.get(name);
  if (found) return found;
  const rules: TagRules = {
    name,
    isVoid: VOID.has(name),
    text: RAW_TEXT.has(name) ? "raw" : DECODED_TEXT.has(name) ? "decoded" : undefined,
    closes: CLOSES.get(name),
    content: name === "svg" || name === "math" ? name : HTML_IN_FOREIGN.has(name) ? "" : undefined,
  };
  // A page may make up as many names as it likes.
  if (known.size < MAX_KNOWN && name.length <= MAX_KNOWN_CHARS) known.set(name, rules);
  return rules;
}
