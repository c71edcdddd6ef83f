import { describe, expect, test } from "vitest";
import { extractPage } from "@/lib/crawl/extract";

/** Markdown of a documentation page's body; the introduction that makes it a page is cut off. */
function markdownOf(body: string): string {
  const intro = "An introduction that is long enough to be the text of a page, with a second clause.";
  const html = `<html><head><base href="https://docs.acme.test/guide/"></head><body><main><p>${intro}</p>${body}</main></body></html>`;
  return extractPage(html, "https://docs.acme.test/guide/start").markdown.replace(intro, "").trim();
}

describe("lists", () => {
  test("nest by the width of their markers, and keep numbers", () => {
    expect(
      markdownOf("<ol start=9><li>nine<ul><li>a</li><li>b</li></ul></li><li>ten<ol><li>x</li></ol></li></ol>"),
    ).toBe("9. nine\n   - a\n   - b\n10. ten\n    1. x");
  });

  test("hold paragraphs and code of one item together", () => {
    expect(markdownOf("<ol><li><p>Install:</p><pre>npm i\nnpm start</pre><p>Done.</p></li><li>Next</li></ol>")).toBe(
      "1. Install:\n\n   ```\n   npm i\n   npm start\n   ```\n\n   Done.\n2. Next",
    );
  });

  test("of definitions set the term in bold above its definitions", () => {
    expect(
      markdownOf("<dl><dt>port</dt><dd>Where it listens.</dd><dt>host</dt><dd>Its name.<p>More.</p></dd></dl>"),
    ).toBe("- **port**\n  Where it listens.\n- **host**\n  Its name.\n\n  More.");
  });

  test("that hold headings are layout: the headings stand at the top level", () => {
    expect(markdownOf("<ul><li><h3>One</h3><p>First.</p></li><li><h3>Two</h3><p>Second.</p></li></ul>")).toBe(
      "### One\n\nFirst.\n\n### Two\n\nSecond.",
    );
  });
});

describe("tables", () => {
  test("become pipe tables; bars inside cells are escaped, empty cells keep their place", () => {
    expect(
      markdownOf(
        "<table><thead><tr><th>Key<th>Type<th>Note</thead><tr><td><code>a</code><td>int | str<td></tr><tr><td>b<td><td>x</table>",
      ),
    ).toBe("| Key | Type | Note |\n| --- | --- | --- |\n| `a` | int \\| str |  |\n| b |  | x |");
  });

  test("without header cells get an empty header, so that no row is lost", () => {
    expect(markdownOf("<table><tr><td>Weight<td>2 kg<tr><td>Colour<td>red</table>")).toBe(
      "|  |  |\n| --- | --- |\n| Weight | 2 kg |\n| Colour | red |",
    );
  });

  test("repeat a cell that spans rows, and shift by one that spans columns", () => {
    expect(markdownOf("<table><tr><th>A<th>B<th>C<tr><td rowspan=2>x<td>1<td>2<tr><td colspan=2>3</table>")).toBe(
      "| A | B | C |\n| --- | --- | --- |\n| x | 1 | 2 |\n| x | 3 |  |",
    );
  });

  test("join the rows of their head, so that each column says what it is", () => {
    expect(
      markdownOf(
        "<table><thead><tr><th rowspan=2>Model<th colspan=2>Size<tr><th>Width<th>Height</thead><tr><td>Sill<td>40 cm<td>14 cm</table>",
      ),
    ).toBe("| Model | Size – Width | Size – Height |\n| --- | --- | --- |\n| Sill | 40 cm | 14 cm |");
  });

  test("that stand inside a cell are written apart, with nothing lost", () => {
    const markdown = markdownOf(
      "<table><tr><th>Plan<th>Limits<tr><td>Free<td><table><tr><th>Pages<th>Agents<tr><td>100<td>1</table></table>",
    );
    expect(markdown).toContain("| Pages | Agents |\n| --- | --- |\n| 100 | 1 |");
    expect(markdown).toMatch(/Plan[\s\S]*Limits[\s\S]*Free/);
  });

  test("keep cells that would be boilerplate elsewhere", () => {
    expect(markdownOf("<table><tr><th>Plan<th>Search<tr><td>Free<td><p>No</p><tr><td>Paid<td>Yes</table>")).toBe(
      "| Plan | Search |\n| --- | --- |\n| Free | No |\n| Paid | Yes |",
    );
  });

  test("that lay out a page are written as text", () => {
    expect(
      markdownOf(
        "<table><tr><td><h2>Title</h2><p>Words of a column.</p></td><td><p>Other words.</p></td></tr></table>",
      ),
    ).toBe("## Title\n\nWords of a column.\n\nOther words.");
  });
});

describe("code", () => {
  test.each([
    ['<pre><code class="language-ts">let a = 1;</code></pre>', "ts"],
    ['<div class="highlight-bash notranslate"><div class="highlight"><pre>ls</pre></div></div>', "bash"],
    ['<pre data-lang="Python">pass</pre>', "python"],
    ['<pre class="language-plaintext">text</pre>', ""],
    ["<pre>text</pre>", ""],
  ])("%s is fenced as %j", (html, language) => {
    expect(markdownOf(html).split("\n")[0]).toBe(`\`\`\`${language}`);
  });

  test("keeps white space, line elements and characters that are markup in prose", () => {
    expect(markdownOf("<pre><div>if (a &lt; b) {</div><div>  *x*_y_ [z](w)</div><div>}</div></pre>")).toBe(
      "```\nif (a < b) {\n  *x*_y_ [z](w)\n}\n```",
    );
  });

  test("loses line numbers and copy buttons", () => {
    expect(
      markdownOf('<pre><span class="linenos">1</span>a\n<span class="linenos">2</span>b<button>Copy</button></pre>'),
    ).toBe("```\na\nb\n```");
  });

  test("that holds fences or backticks gets longer ones", () => {
    expect(markdownOf("<pre>```js\n```</pre>")).toBe("````\n```js\n```\n````");
    expect(markdownOf("<p>Type <code>a`b</code> here.</p>")).toBe("Type ``a`b`` here.");
  });
});

describe("inline text", () => {
  test("links are absolute; scripts and data are text", () => {
    expect(
      markdownOf(
        '<p>See <a href="../api#get">the API</a>, <a href="javascript:alert(1)">this</a>, <a href="data:text/html,x">that</a> and <a href="mailto:a@acme.test">us</a>.</p>',
      ),
    ).toBe("See [the API](https://docs.acme.test/api#get), this, that and [us](mailto:a@acme.test).");
  });

  test("parentheses and spaces cannot end a link early", () => {
    expect(markdownOf('<p>The <a href="https://x.test/a_(b) c">page</a> here.</p>')).toBe(
      "The [page](https://x.test/a_%28b%29%20c) here.",
    );
  });

  test("text that looks like markup is escaped, names and sums are not", () => {
    expect(markdownOf("<p>Use *stars*, &lt;b&gt;tags&lt;/b&gt;, [x](y), snake_case, 5 * 3 and C:\\dir.</p>")).toBe(
      "Use \\*stars\\*, \\<b>tags\\</b>, \\[x](y), snake_case, 5 * 3 and C:\\dir.",
    );
  });

  test.each(["# no heading", "- no item", "> no quote", "1. no list", "| no | table |"])(
    "a paragraph %j stays one",
    (line) => {
      expect(markdownOf(`<p>${line.replace(">", "&gt;")}</p>`)).toMatch(/^(?:\\|1\\\.)/);
    },
  );

  test("line breaks stay lines, two of them part paragraphs", () => {
    expect(markdownOf("<p>one<br>two<br><br>three</p>")).toBe("one\ntwo\n\nthree");
  });

  test("pictures are named by their alternative text when it says something", () => {
    expect(
      markdownOf(
        '<p>Press it.<img src="a.png" alt="The settings page with the reset button"></p><img src="b.png" alt="IMG_1.png"><img src=c alt="Acme logo">',
      ),
    ).toBe("Press it. The settings page with the reset button");
  });

  test("formulas are TeX, whether they are MathML, typeset with a hidden copy, or a picture", () => {
    const tex = "E = mc^2";
    const math = `<math><semantics><mrow><mi>E</mi></mrow><annotation encoding="application/x-tex">${tex}</annotation></semantics></math>`;
    const typeset = `<span class="katex"><span class="katex-mathml">${math}</span><span class="katex-html" aria-hidden="true">E=mc2</span></span>`;
    const picture = `<img class="mwe-math-fallback-image-inline" alt="${tex}" src="e.svg">`;
    expect(markdownOf(`<p>a <math alttext="${tex}"><mi>E</mi></math> b ${typeset} c ${picture} d</p>`)).toBe(
      `a $${tex}$ b $${tex}$ c $${tex}$ d`,
    );
  });

  test("footnotes stay at the end, without the arrow that leads back", () => {
    expect(
      markdownOf(
        '<p>Ten days<sup><a href="#fn1">1</a></sup> of water.</p><section role="doc-endnotes"><ol><li id="fn1"><p>At 20 °C. <a href="#r1" role="doc-backlink">↩︎</a></p></li><li><p>In shade. <a href="#r2">↑</a></p></li></ol></section>',
      ),
    ).toBe("Ten days[1](https://docs.acme.test/guide/#fn1) of water.\n\n1. At 20 °C.\n2. In shade.");
  });
});

describe("headings", () => {
  test("carry the fragment that leads to them, wherever the page puts it", () => {
    const body = `<h2 id="own">Own</h2><p>a</p><h2><a name="inner"></a>Inner</h2><p>b</p><h2>Self<a class="headerlink" href="#self">¶</a></h2><p>c</p>
      <section id="outer"><h2>Outer</h2><p>d</p></section><a id="before"></a><h2>Before</h2><p>e</p><h2>None</h2><p>f</p>`;
    const html = `<main><h1>Page</h1><p>Some introduction that is long enough to count as prose.</p>${body}</main>`;
    const { headings } = extractPage(html, "https://docs.acme.test/x");
    expect(headings.map(({ text, anchor }) => [text, anchor])).toEqual([
      ["Page", undefined],
      ["Own", "own"],
      ["Inner", "inner"],
      ["Self", "self"],
      ["Outer", "outer"],
      ["Before", "before"],
      ["None", undefined],
    ]);
  });

  test("are the heading lines of the Markdown, in order", () => {
    const html = `<main><h1>A</h1><p>Some introduction that is long enough to count as prose.</p><h2>B *c*</h2><p>d</p><pre># not one</pre><h3>E</h3><p>f</p></main>`;
    const { headings, markdown } = extractPage(html, "https://docs.acme.test/x");
    expect(headings.map(({ level, text }) => `${"#".repeat(level)} ${text}`)).toEqual(["# A", "## B *c*", "### E"]);
    expect(markdown.replace(/```[\s\S]*?```/g, "").match(/^#+ .*$/gm)).toEqual(["# A", "## B \\*c\\*", "### E"]);
  });
});

test("quotes hold their paragraphs together", () => {
  expect(markdownOf("<blockquote><p>One.</p><ul><li>two</li></ul></blockquote><p>After.</p>")).toBe(
    "> One.\n>\n> - two\n\nAfter.",
  );
});

test("links that touch are parted, in the text as well", () => {
  const html = `<main><h1>Home</h1><p>Some introduction that is long enough to count as prose.</p><a href="/a">Shop</a><a href="/b">Compare</a></main>`;
  expect(extractPage(html, "https://acme.test/").text).toContain("Shop Compare");
});
