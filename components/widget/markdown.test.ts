import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMarkdown } from "./markdown";
import { type Make, parsePlain, safeUrl } from "./plain";

/** The tree as short text: `p(a strong(b))`; citations as `#1`, links as `a<href>(…)`, line breaks as `\n`. */
const show: Make<string> = (tag, kids, detail) => {
  if (tag === "cite") return `#${detail}`;
  const extra = tag === "a" ? `<${detail}>` : tag === "ol" ? `@${Number.parseInt(detail!, 10)}` : "";
  return `${tag}${extra}(${kids.join("").replaceAll("\n", "\\n")})`;
};
const parsed = (text: string, streaming = false) => parseMarkdown(text, streaming, show).join(" ");
const flat: Make<string> = (_, kids) => kids.join("");

test.each([
  ["paragraphs", "one\ntwo\n\nthree", "p(one\\ntwo) p(three)"],
  ["headings of any level look the same", "# A\n### B #", "h3(A) h3(B)"],
  ["a hash without a space is text", "#1 choice", "p(#1 choice)"],
  [
    "bold, italic, both, struck",
    "**a** *b* ***c*** ~~d~~ __e__ _f_",
    "p(strong(a) em(b) strong(em(c)) del(d) strong(e) em(f))",
  ],
  ["emphasis within emphasis", "**a *b* c** and *a **b***", "p(strong(a em(b) c) and em(a strong(b)))"],
  ["snake_case and 2 * 3 * 4 are text", "snake_case_name 2 * 3 * 4", "p(snake_case_name 2 * 3 * 4)"],
  ["a mark that never closes is text", "5* hotel **and", "p(5* hotel **and)"],
  ["escapes", "\\*a\\* \\[1\\] c:\\dir", "p(*a* [1] c:\\dir)"],
  ["inline code is taken literally", "`**a** [1]` ``b ` c``", "p(code(**a** [1]) code(b ` c))"],
  [
    "a fence is taken literally until its own kind closes it",
    "```js\n# a\n~~~\n\n<b>\n```\nx",
    "pre(# a\\n~~~\\n\\n<b>) p(x)",
  ],
  ["a fence that is never closed", "```\na", "pre(a)"],
  ["tight and loose lists", "- a\n- b\n\n- c", "ul(li(a)li(b)li(c))"],
  ["nested lists", "1. a\n   - b\n     - c\n   - d\n2. e", "ol@1(li(aul(li(bul(li(c)))li(d)))li(e))"],
  ["nested by tab", "- a\n\t- b", "ul(li(aul(li(b))))"],
  ["an ordered list keeps its number over an interruption", "1. a\n\nwell\n\n2. b", "ol@1(li(a)) p(well) ol@2(li(b))"],
  ["a paragraph and code in an item", "1. a\n\n   b\n\n   ```\n   c\n   ```\n2. d", "ol@1(li(ap(b)pre(c))li(d))"],
  ["a line that goes on in an item", "- a\nb\n\nc", "ul(li(a\\nb)) p(c)"],
  ["quotes", "> a\n> - b\n\nc", "blockquote(p(a)ul(li(b))) p(c)"],
  ["a rule is not a list", "* * *\n---", "hr() hr()"],
  ["tables", "| a | b |\n|---|:-:|\n| 1 \\| 2 | **x** |", "table(tr(th(a)th(b))tr(td(1 | 2)td(strong(x))))"],
  [
    "tables without outer bars, and breaks in cells",
    "a | b\n-- | --\n1<br>2 | 3",
    "table(tr(th(a)th(b))tr(td(1br()2)td(3)))",
  ],
  ["no table without a delimiter row", "a | b\nc | d", "p(a | b\\nc | d)"],
  ["citations, alone and grouped", "So [1], so [2, 3][4].", "p(So #1, so #2#3#4.)"],
  ["not a citation: a definition, three digits, a word", "[1]: x [123] [a]", "p([1]: x [123] [a])"],
  ["links", '[a **b**](https://x.test/a_(b)?c=d "t")', "p(a<https://x.test/a_(b)?c=d>(a strong(b)))"],
  ["a number in brackets as a link's label stays a label", "[[1]](https://x.test/)", "p(a<https://x.test/>([1]))"],
  ["mail links", "[m](mailto:a@x.test)", "p(a<mailto:a@x.test>(m))"],
  [
    "bare addresses end before the sentence does",
    "See https://x.test/a. (https://y.test/b)",
    "p(See a<https://x.test/a>(https://x.test/a). (a<https://y.test/b>(https://y.test/b)))",
  ],
  ["an address in angle brackets", "<https://x.test/>", "p(a<https://x.test/>(https://x.test/))"],
  ["a link after an open bracket", "[a [b](https://x.test/)", "p([a a<https://x.test/>(b))"],
  ["images become their description", "![a **cat**](https://x.test/c.png)!", "p(a strong(cat)!)"],
  [
    "an image inside a link becomes its label",
    "[![cat](https://x.test/c.png)](https://x.test/)",
    "p(a<https://x.test/>(cat))",
  ],
  ["a link that may not be followed is its label", "[a](javascript:alert(1)) [b](/c) [d](data:x)", "p(a b d)"],
  ["HTML is text", "<img src=x onerror=alert(1)>", "p(<img src=x onerror=alert(1)>)"],
])("%s", (_, text, tree) => expect(parsed(text)).toBe(tree));

test.each([
  ["open emphasis is already emphasis", "a **b", "p(a strong(b))"],
  ["open code is already code", "a `b **c", "p(a code(b **c))"],
  ["a mark with nothing behind it waits", "a **", "p(a )"],
  ["half a citation waits", "So [1", "p(So )"],
  ["half a link is its label", "see [the *page](", "p(see the em(page))"],
  ["half an address of a link is not shown", "see [a](https://x.te", "p(see a)"],
  ["half a bullet waits", "- a\n-", "ul(li(a))"],
  ["half a heading waits", "a\n\n##", "p(a)"],
  ["the first row of a table waits for the second", "x\n\n| a | b |\n|", "p(x)"],
  ["then it is a table", "| a | b |\n|--", "table(tr(th(a)th(b)))"],
  ["an open emphasis of a finished paragraph is text", "a **b\n\nc", "p(a **b) p(c)"],
])("while streaming: %s", (_, text, tree) => expect(parsed(text, true)).toBe(tree));

test.each([
  "javascript:alert(1)",
  "JavaScript:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "//x.test",
  "/x",
  "https:",
  "https:\\\\x.test",
  "https://",
  "http://x\u0001.test/",
  "https://x.test/a b",
  "",
])("%j may not be followed", (url) => expect(safeUrl(url)).toBeUndefined());

const PIECES = [
  ..."* ** _ ` [ ]( ) ] [1] # ## < | ~~ ! \\ , : 1 a b".split(" "),
  ...["```\n", "\n", "\n\n", "- ", "1. ", "2) ", "> ", "| ", "|-|\n", "  ", "   ", " a", " b ", "\t"],
  ...[
    "https://x.test/",
    "[a](https://x.test/",
    "[a](https://x.test/)",
    "**b**",
    "*a*",
    "\n- a",
    "\n  - b",
    "\n   1. a",
  ],
];
const anyText = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(""));

test("whatever comes, every prefix of it parses, and all of its text that is no mark is kept", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (let end = 0; end <= text.length; end++) parseMarkdown(text.slice(0, end), true, flat);
      const letters = (value: string) => value.replace(/https:\/\/x\.test\/|[^ab]/g, "");
      // A fence's info string and a link's destination are the only text that is not shown.
      if (!/```|~~~|\]\(/.test(text)) expect(letters(parseMarkdown(text, false, flat).join(""))).toBe(letters(text));
    }),
    { numRuns: 500 },
  );
});

/** What the small parser makes, and whether it asks for the whole one. */
function plainly(text: string, streaming: boolean): { tree: string; enough: boolean } {
  let enough = true;
  const tree = parsePlain(text, streaming, show, () => {
    enough = false;
  });
  return { tree: tree.join(" "), enough };
}

test("the small parser makes what the whole one makes, of every prefix, or asks for it", () => {
  const agree = (text: string, streaming: boolean) => {
    const { tree, enough } = plainly(text, streaming);
    if (enough) expect(tree, JSON.stringify(text)).toBe(parsed(text, streaming));
  };
  fc.assert(
    fc.property(anyText, (text) => {
      agree(text, false);
      for (let end = 0; end <= text.length; end++) agree(text.slice(0, end), true);
    }),
    { numRuns: 2_000 },
  );
});

const PLAIN = `Yes, within **30 days** of delivery [1], *unless* it was [made for you](https://shop.test/made_for-you?a=b) [2, 3].

## Returning it

1. Open **Orders > Returns** and choose *Return*.
2. Print the label.

3. Drop it off
   at any pickup point.

- in *colour*, or
- not

That takes ~5 days; we won't charge 10 < 20 € (or more).
It ends here. [1][2]`;

test("what most answers consist of is never asked for, whole or cut anywhere", () => {
  expect(plainly(PLAIN, false)).toEqual({ tree: parsed(PLAIN), enough: true });
  for (let end = 0; end <= PLAIN.length; end++) {
    const text = PLAIN.slice(0, end);
    expect(plainly(text, true), text).toEqual({ tree: parsed(text, true), enough: true });
  }
});

test.each([
  "`code`",
  "```\ncode",
  "> quoted",
  "| a | b |\n|---|---|",
  "a | b\n-- | --",
  "---",
  "* * *",
  "~~struck~~",
  "_a_",
  "***a***",
  "**a *b* c**",
  "\\*a\\*",
  "![a](https://x.test/)",
  "https://x.test/",
  "<https://x.test/>",
  "a<br>b",
  "[a [b] c](https://x.test/)",
  '[a](https://x.test/ "t")',
  "[a](https://x.test/a_(b))",
  "2 * 3",
  "- a\n\n  b",
  "- a\n  - b",
  "- # a",
  "- - a",
  "- a\n\tb",
])("the small parser asks for the whole one at %j", (text) => expect(plainly(text, false).enough).toBe(false));

test.each([
  "*a ",
  "_a ",
  "**a ",
  "[",
  "[a](",
  "`a``",
  "> ",
  "- ",
  "  - ",
  "<",
  "https://x",
  "|a",
  "![",
  "~~a ",
  "*_",
  "(",
  ")",
  ".",
  "https://.",
  " ",
])(
  "20,000 characters of %j take no unreasonable time",
  (piece) => {
    const text = piece.repeat(Math.ceil(20_000 / piece.length));
    for (const source of [text, `x ${text}`, text.replaceAll(" ", "\n")]) {
      for (const streaming of [true, false]) {
        parseMarkdown(source, streaming, flat);
        parsePlain(source, streaming, flat, () => {});
      }
    }
  },
  5_000,
);
