import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractPage } from "./extract";

const SENTENCE = "The garden waters itself for about ten days, and the app calls before the tank is empty. ";
const prose = (paragraphs: number) => `<p>${SENTENCE.repeat(2)}</p>`.repeat(paragraphs);
const page = (body: string, head = "") =>
  `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`;

describe("boilerplate", () => {
  const chrome = {
    navigation: `<nav><a href="/x">Zebra menu</a></nav>`,
    "site header": `<header class="site-header"><p>Zebra slogan for the whole site</p></header>`,
    footer: `<footer><p>Zebra footer with a sentence that is long enough to count.</p></footer>`,
    "cookie banner": `<div class="cookie-banner"><p>Zebra cookies are used to give you the best experience.</p></div>`,
    dialog: `<div role="dialog"><p>Zebra subscribe to our letter for more of this kind.</p></div>`,
    sidebar: `<div class="sidebar"><p>Zebra words beside the text that nobody came for.</p></div>`,
    "hidden element": `<div style="display:none"><p>Zebra words that no reader has ever seen here.</p></div>`,
    comments: `<section id="comments"><p>Zebra comment of a reader who did not like it at all.</p></section>`,
    "share buttons": `<div class="shareButtons"><a href="#">Zebra share</a></div>`,
    script: `<script>var zebra = "Zebra";</script><style>.zebra{}</style>`,
  };
  for (const [name, html] of Object.entries(chrome)) {
    test(`a ${name} is not content, before the text or after it`, () => {
      const { text, markdown } = extractPage(
        page(`${html}<main><h1>Water</h1>${prose(6)}</main>${html}`),
        "https://acme.test/post",
      );
      expect(text).toContain("The garden waters itself");
      expect(`${text}${markdown}`).not.toMatch(/zebra/i);
    });
  }

  test("a class that says junk is overruled when the element holds most of the page's text", () => {
    const { text } = extractPage(page(`<div class="sidebar promo">${prose(8)}</div>`), "https://acme.test/post");
    expect(text).toContain("The garden waters itself");
  });

  test("a layout flag such as has-sidebar condemns nothing", () => {
    const { text } = extractPage(
      page(`<div class="has-sidebar">${prose(2)}</div><div class="x">${prose(4)}</div>`),
      "",
    );
    expect(text.match(/The garden waters/g)).toHaveLength(12);
  });

  test("a comment list is never kept, however long", () => {
    const html = page(
      `<article><h1>Water</h1>${prose(3)}</article><div id="comments">${prose(9).replaceAll("garden", "zebra")}</div>`,
    );
    expect(extractPage(html, "https://acme.test/news/water").text).not.toContain("zebra");
  });

  test("a linked word inside a sentence stays, whatever its class", () => {
    const html = page(
      `<article><p>The <a class="tag" href="/t">Sill</a> will be sold with a new lamp from next month on, in all of our stores and online.</p>${prose(3)}</article>`,
    );
    expect(extractPage(html, "https://acme.test/news/lamp").text).toContain("The Sill will be sold");
  });
});

describe("kinds of pages", () => {
  const product = `{"@type":"Product","name":"Trail 40","offers":{"price":"129.00","priceCurrency":"EUR"}}`;
  const jsonLd = (json: string) => `<script type="application/ld+json">${json}</script>`;

  test.each([
    ["article", "https://acme.test/water", jsonLd(`{"@type":"NewsArticle","headline":"Water"}`), prose(4)],
    [
      "article",
      "https://acme.test/blog/water",
      `<meta property="article:published_time" content="2026-01-02">`,
      prose(4),
    ],
    ["docs", "https://docs.acme.test/water", "", prose(4)],
    ["docs", "https://acme.test/help/water", "", prose(4)],
    ["docs", "https://acme.test/water", `<meta name="generator" content="Sphinx 7">`, prose(4)],
    ["product", "https://acme.test/p/1", jsonLd(product), prose(1)],
    ["product", "https://acme.test/p/1", `<meta property="og:type" content="product">`, prose(1)],
    [
      "qa",
      "https://acme.test/questions/1/x",
      "",
      `<div class="question">${prose(1)}</div><div class="answer">${prose(1)}</div>`,
    ],
    ["qa", "https://acme.test/f", `<meta name="generator" content="Discourse 3">`, prose(2)],
    ["other", "https://acme.test/", "", prose(2)],
    ["other", "https://acme.test/pricing", "", prose(2)],
  ])("%s: %s %s", (kind, url, head, body) => {
    expect(extractPage(page(`<main><h1>Water</h1>${body}</main>`, head), url).kind).toBe(kind);
  });

  test("a product page keeps price and hidden specification tab, and loses its recommendations", () => {
    const html = page(
      `<main><h1>Trail 40</h1><div class="price"><del>€149</del> €129</div><div role="tabpanel">${prose(1)}</div>
       <div role="tabpanel" hidden><h2>Specifications</h2><table><tr><th>Volume</th><td>40 l</td></tr><tr><th>Weight</th><td>1,240 g</td></tr></table></div>
       <section class="related-products"><h2>You may also like</h2><p>Zebra 30</p></section></main>`,
      jsonLd(product),
    );
    const { markdown, structured } = extractPage(html, "https://acme.test/p/trail");
    expect(markdown).toContain("~~€149~~ €129");
    expect(markdown).toContain("| Volume | 40 l |");
    expect(markdown).not.toContain("Zebra");
    expect(structured).toEqual([
      { type: "Product", data: { name: "Trail 40", offers: [{ price: "129.00", currency: "EUR" }] } },
    ]);
  });

  test("a price that only JSON-LD states is added, one that is shown is not repeated", () => {
    const unseen = extractPage(
      page(`<main><h1>Trail 40</h1>${prose(1)}</main>`, jsonLd(product)),
      "https://acme.test/p/trail",
    );
    expect(unseen.text).toContain("Price: 129.00 EUR");
    const seen = extractPage(
      page(`<main><h1>Trail 40</h1><p>€129</p>${prose(1)}</main>`, jsonLd(product)),
      "https://acme.test/p/trail",
    );
    expect(seen.text).not.toContain("Price:");
  });

  test("a thread keeps every answer", () => {
    const post = (words: string) => `<div class="answer"><div class="post-text"><p>${words}</p></div></div>`;
    const html = page(
      `<h1>How often does it water?</h1><div class="question"><p>I could not find it in the manual that came with it.</p></div>
       ${post(SENTENCE)}${post("Mine needs water every nine days, because the room is warm.")}<div class="sidebar"><a href="/q/2">Zebra</a></div>`,
    );
    const { text } = extractPage(html, "https://acme.test/questions/7/water");
    expect(text).toContain("How often does it water?");
    expect(text).toContain("about ten days");
    expect(text).toContain("every nine days");
    expect(text).not.toContain("Zebra");
  });

  test("a pricing page keeps plans that are marked popular, and accordions that are closed", () => {
    const html = page(
      `<main><h1>Pricing</h1><div class="plan popular"><h3>Team</h3><p>$29 a month</p><ul><li>5 users</li></ul></div>
       <h3><button aria-expanded="false">Can I cancel?</button></h3><div class="accordion-panel" hidden><p>Yes, at the end of any month that you have paid for.</p></div>
       <details><summary>Refunds?</summary><p>Within thirty days.</p></details></main>`,
    );
    const { markdown } = extractPage(html, "https://acme.test/pricing");
    expect(markdown).toContain("### Team\n\n$29 a month\n\n- 5 users");
    expect(markdown).toContain("### Can I cancel?\n\nYes, at the end");
    expect(markdown).toContain("**Refunds?**\n\nWithin thirty days.");
  });

  test("documentation keeps the heading and introduction before one long section", () => {
    const html = page(
      `<div class="document"><h1>Water</h1><p>Two sentences. Of introduction.</p><section><h2>Tank</h2>${prose(6)}</section></div>`,
    );
    const { markdown } = extractPage(html, "https://docs.acme.test/water");
    expect(markdown).toMatch(/^# Water\n\nTwo sentences\. Of introduction\.\n\n## Tank/);
  });

  test("documentation takes the heading from outside its text, without the crumbs, dates and controls around it", () => {
    const html = page(
      `<div class="a1"><div class="a2">${`<a href="/x">Zebra chapter</a> `.repeat(20)}</div><div class="a3"><div class="b1"><a href="/">Zebra crumb</a></div>
       <div class="b2"><h1>Water</h1><div>Zebra badge</div></div><div class="article-body">${prose(6)}</div><div class="b3"><a href="/p">Zebra previous</a></div></div></div>`,
    );
    const { text } = extractPage(html, "https://docs.acme.test/water");
    expect(text).toMatch(/^Water\n\nThe garden/);
    expect(text).not.toContain("Zebra");
  });

  test("documentation ends before 'Was this helpful?'", () => {
    const html = page(`<main><h1>Water</h1>${prose(5)}<h3>Was this article helpful?</h3><p>Zebra button</p></main>`);
    expect(extractPage(html, "https://help.acme.test/water").text).not.toMatch(/helpful|Zebra/);
  });

  test("an article's Markdown begins with its title, its text does not hold it", () => {
    const head = `<title>Water in the tank | Acme</title><meta property="og:type" content="article">`;
    const html = page(
      `<article><h1>Water in the tank</h1><p>By Ann Smith</p>${prose(5)}<p>Read more: <a href="/x">Zebra</a></p></article>`,
      head,
    );
    const { markdown, text, headings } = extractPage(html, "https://acme.test/news/water");
    expect(markdown).toMatch(/^# Water in the tank\n\nThe garden/);
    expect(text).toMatch(/^The garden/);
    expect(`${text}${markdown}`).not.toMatch(/Ann Smith|Zebra/);
    expect(headings).toEqual([{ level: 1, text: "Water in the tank" }]);
  });

  test("the body that an article states in JSON-LD is used when the page hides its own", () => {
    const body = Array.from(
      { length: 8 },
      (_, i) => `Sentence number ${i} of the story says something that no other one does.`,
    ).join(" ");
    const html = page(
      `<main><p>Please turn on the reader to see the story of today.</p></main>`,
      jsonLd(JSON.stringify({ "@type": "NewsArticle", articleBody: body })),
    );
    expect(extractPage(html, "https://acme.test/news/1").text).toContain("Sentence number 7");
  });
});

describe("a page that needs a browser", () => {
  const bundle = `<script type="module" src="/app.js"></script>`;
  test.each([
    ["an empty application root", page(`<div id="root"></div>`, bundle), true],
    ["an empty root beside a static footer", page(`<div id="app"></div><footer>© Acme</footer>`, bundle), true],
    ["a plea for JavaScript", page(`<noscript>Please enable JavaScript.</noscript>`, bundle), true],
    [
      "server-rendered content in the root",
      page(`<div id="root"><main><h1>Water</h1>${prose(4)}</main></div>`, bundle),
      false,
    ],
    ["a short page without scripts", page(`<p>Closed until Monday.</p>`), false],
  ])("%s", (_name, html, expected) => {
    expect(extractPage(html, "https://acme.test/x").needsJavaScript).toBe(expected);
  });
});

describe("hostile and broken input", () => {
  const MEGABYTE = 1_000_000;
  const filled = (piece: string, chars = MEGABYTE) => piece.repeat(Math.floor(chars / piece.length));
  const EMPTY = {
    title: "",
    markdown: "",
    text: "",
    headings: [],
    structured: [],
    wordCount: 0,
    needsJavaScript: false,
  };

  test.each([
    ["nothing", ""],
    ["white space", " \n\t "],
    ["no content", "<html><head></head><body></body></html>"],
    ["a PDF", `%PDF-1.7\n${"\u0000\u0001\u0002".repeat(100)}`],
    ["bytes of an image", "\uFFFD\uFFFDPNG\u0000\u0001\uFFFD".repeat(50)],
    ["an unclosed style sheet", `<style>${"x".repeat(1000)}`],
    ["not even a string", undefined as unknown as string],
  ])("%s gives an empty result", (_name, html) => {
    expect(extractPage(html, "https://acme.test/")).toMatchObject(EMPTY);
  });

  test("a url that is none leaves relative links out and everything else in", () => {
    const { markdown } = extractPage(
      page(`<main>${prose(3)}<p>Go to <a href="/x">the next page</a> now.</p></main>`),
      "not a url",
    );
    expect(markdown).toContain("Go to the next page now.");
  });

  test("text in thousands of nested elements is read, without what a script among them says, and what follows it is too", () => {
    const deep = `${"<div>".repeat(5_000)}<p>${SENTENCE}</p><script>var secret = 1;</script>${"</div>".repeat(5_000)}`;
    const { markdown } = extractPage(
      page(`<main><h1>Deep</h1>${deep}<h2>After it</h2>${prose(2)}</main>`),
      "https://acme.test/",
    );
    expect(markdown).toContain(SENTENCE.slice(0, 40));
    expect(markdown).not.toContain("secret");
    expect(markdown).toContain("## After it");
  });

  const PRODUCT = `<meta property="og:type" content="product">`;

  test.each([
    ["nested blocks", () => filled("<div>", 10 * MEGABYTE)],
    ["nested blocks with text", () => filled("<div>some words here ", 10 * MEGABYTE)],
    ["nested tables", () => filled("<table><tr><td>x")],
    ["closing tags that match nothing", () => "<div>".repeat(1_000) + filled("</span>")],
    ["one paragraph of inline elements", () => `<p>${filled("<b>x</b> ")}</p>`],
    ["one paragraph of links", () => `<p>${filled('<a href="/x">z</a> ')}</p>`],
    ["one list", () => `<ul>${filled("<li>item</li>")}</ul>`],
    ["headings only", () => filled("<h2>A heading that is here</h2>")],
    [
      "cells that span everything",
      () => `<table>${filled("<tr><td rowspan=50 colspan=40>words in a cell</td><td>b</td></tr>")}</table>`,
    ],
    ["white space in a listing", () => `<pre>${filled("  ")}x</pre>`],
    ["backticks in code", () => `<p><code>${filled("`")}</code></p>`],
    ["attributes of one element", () => `<p ${Array.from({ length: MEGABYTE }, (_, i) => `a${i}=1`).join(" ")}>x</p>`],
    ["classes of one element", () => `<div class="${filled("nav-a ")}">x</div>`],
    ["a word", () => `<p>${filled("w")}</p>`],
    ["one line", () => `<p>${filled("word ")}</p>`],
    ["scripts before the text", () => `<script>${filled("var a = '<p>';", 10 * MEGABYTE)}</script><p>${SENTENCE}</p>`],
    ["a comment that never ends", () => `<p>${SENTENCE}</p><!-- ${filled("x-", 5 * MEGABYTE)}`],
    ["a wide table", () => `<table><tr>${filled("<td>a")}</tr></table>`],
    ["labels with values", () => filled("<div class=r><span>a</span><span>b</span></div>")],
    [
      "controls with panels",
      () => filled("<button aria-expanded=false aria-controls=a>abc</button><div id=a hidden>b</div>"),
    ],
    [
      "posts",
      () => filled('<div class="post"><a href="/u/a">a</a><time>x</time><div>words of a post</div><a>Reply</a></div>'),
    ],
    ["posts inside posts", () => filled('<div class="post"><a href="/u/a">a</a><time>x</time><div>words of a post')],
    ["products inside products", () => `${PRODUCT}${filled('<div class=a><h2>Reviews</h2><a href="/x">€ 12.00')}`],
    ["headings of other products", () => `${PRODUCT}${filled("<h2>Related products</h2>")}`],
    ["deep JSON-LD", () => `<script type="application/ld+json">${"[".repeat(MEGABYTE)}</script>`],
  ])("megabytes of %s neither overflow nor hang", (_name, html) => {
    expect(typeof extractPage(html(), "https://acme.test/questions/1/megabytes").markdown).toBe("string");
  });

  test("NUL and lone surrogates never reach the result, which Postgres would refuse", () => {
    const html = page(
      `<title>a\u0000b</title><main><p>${SENTENCE}\u0000\uD800 &#0; &#xD800;</p><pre>x\u0000\uDC00</pre></main>`,
    );
    const { title, text, markdown } = extractPage(html, "https://acme.test/");
    expect(`${title}${text}${markdown}`).not.toContain("\u0000");
    expect(`${title}${text}${markdown}`.isWellFormed()).toBe(true);
  });

  test("no soup of tags, attributes and text makes it throw", () => {
    const name = fc.constantFrom(
      "div",
      "p",
      "a",
      "table",
      "tr",
      "td",
      "ul",
      "li",
      "h1",
      "h2",
      "pre",
      "code",
      "dl",
      "dt",
      "dd",
      "blockquote",
      "article",
      "script",
      "title",
      "br",
      "img",
      "x-y",
      "details",
      "summary",
      "button",
    );
    const attribute = fc.constantFrom(
      "",
      ' class="nav share"',
      ' class="article-body"',
      " hidden",
      ' href="/x"',
      ' href="http://["',
      ' colspan="-1"',
      ' start="x"',
      ' id="a"',
      ' role="tabpanel"',
      ' alt="two words here"',
      ' itemprop="articleBody"',
      ' itemprop="text" itemscope itemtype="https://schema.org/Answer"',
      ' itemscope itemtype="https://schema.org/Question"',
      ' class="post"',
      ' class="answer accepted"',
      ' class="reviews"',
      ' aria-expanded="false" aria-controls="a"',
    );
    const tag = fc.oneof(
      fc.tuple(name, attribute).map(([n, a]) => `<${n}${a}>`),
      name.map((n) => `</${n}>`),
    );
    const heads = [
      "",
      PRODUCT,
      `<meta name="generator" content="Discourse">`,
      `<script type="application/ld+json">{"@type":"FAQPage","mainEntity":{"name":"?","acceptedAnswer":{"text":"x"}}}</script>`,
    ];
    const urls = fc.oneof(
      fc.webUrl(),
      fc.constantFrom("https://acme.test/questions/1/x", "https://docs.acme.test/x", ""),
    );
    const piece = fc.oneof(tag, tag, fc.string({ unit: "binary" }), fc.constant(SENTENCE));
    fc.assert(
      fc.property(fc.constantFrom(...heads), fc.array(piece, { maxLength: 60 }), urls, (head, pieces, url) => {
        const { text, markdown } = extractPage(head + pieces.join(""), url);
        expect(text.isWellFormed() && markdown.isWellFormed()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
