import { Parser } from "htmlparser2";
import { describe, expect, test } from "vitest";
import { type HtmlHandler, readHtml } from "./read-html";

/** Everything that was told, a line each; neighbouring pieces of text as one. */
function told(read: (handler: Required<HtmlHandler>) => void): string[] {
  const lines: string[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") lines.push(`text ${JSON.stringify(text)}`);
    text = "";
  };
  read({
    onopentag(tag, attributes) {
      flush();
      lines.push(`open ${tag.toLowerCase()} ${JSON.stringify(attributes)}`);
    },
    ontext(piece) {
      text += piece;
    },
    onclosetag(tag) {
      flush();
      lines.push(`close ${tag.toLowerCase()}`);
    },
  });
  flush();
  return lines;
}
const ours = (html: string) => told((handler) => readHtml(html, handler));
const theirs = (html: string) =>
  told((handler) => {
    const parser = new Parser(handler);
    parser.write(html);
    parser.end();
  });

describe("a document is read as htmlparser2 reads it", () => {
  test.each([
    "plain & simple &lt;b&gt; &amp;amp &copy 2026 &notanentity; &#x41;&#66 &",
    "a < b, 1<2, <3, <<p>>x</p>, x <",
    "x </ y> z </3> </> </",
    "<!doctype html><!DOCTYPE x><!-- a -- b --><!--><!---><!--->x<!----!>y<!-- a --!> z<!-x>w<?php echo 1 ?>v<!>u",
    "<p>one<p>two<ul><li>a<li>b</ul><div>three</p>four</div></p>",
    "<table><tr><td>a<td>b<tr><th>c<tbody><tr><td>d</table>e",
    "<dl><dt>a<dd>b<dt>c</dl><select><option>1<option>2<optgroup><option>3</select>",
    `<a href=x title='a "b"' data-x="1&amp;2&copy=3" checked disabled=disabled / class = y>t</a>`,
    `<a =b c=d/ e='f'g="h" A=1 a=2 __proto__=x constructor=y>`,
    "<a/b=c><br/><br></br><img src=x><image><hr/ ></hr><input/>x",
    "<script>if (a < b) '</scripty>' + \"<!--\" </SCRIPT >x<style>p > a {}</style><textarea>a &lt; <b></textarea>c",
    "<title>A &amp; B <b></title><xmp><b>&lt;</xmp><iframe><p>x</iframe><noframes>&amp;</noframes>",
    "<title/>still title</title>x<script src=x />alert(1)</script>y",
    "<script>never ends <b>",
    "<plaintext><b>&amp;</plaintext>",
    "<form a><form b><p>x</form>y</form>z",
    "<svg><path d=x/><title>T<b>x</b></title><foreignObject><p>a<p>b</foreignObject><![CDATA[ <x> & ]]></svg><![CDATA[ y ]]>z",
    "<math><mi>x<mo/>&lt;</math><svg/>after<math/>",
    "<b><i>x</b>y</i>z</unknown>",
    "<p attr='never ends>text</p>",
    "<p attr=never",
    "text<b",
    "<!-- never ends",
    "<![CDATA[ never ends",
    "<H1 ID=Top>Ünïcödé 日本 😀</H1>",
    "<a href>x</a><a href=>y</a><a href= z>w</a><a\nhref\n=\n'v'\n>u</a>",
    "<td>a<thead>b<a>c<a>d<h1>e<h2>f<p>g<body>h",
    // Tags that repeat to the letter, and some that only begin alike.
    `<p a="1>2" b>x</p><p a="1>2" b>y</p><p a="1>2">z</p><p a="1>`,
    `<i class='x'>a<br class='x'/>b<br class='x'>c<svg class='x'/>d<i class='x'><b class='x`,
    `<p a="${"long ".repeat(100)}">x<p a="${"long ".repeat(100)}" b>y<p a="${"long ".repeat(100)}>z`,
  ])("%j", (html) => {
    expect(ours(html)).toEqual(theirs(html));
  });

  test("whatever it is made of", () => {
    let state = 2_026;
    const below = (limit: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    const pieces =
      "<p> </p> <div> </div> <a href='x'> </a> <li> <td> <tr> <table> </table> <svg> </svg> <script> </script> <!-- --> <br> <br/> text & &amp; &lt; < > / = ' \" <form> </form> <h1> <option> <math> <mi> </math> <foreignObject> </foreignObject> <b/ x=y> </ <! <? é 😀".split(
        " ",
      );
    for (let round = 0; round < 3_000; round++) {
      const html = Array.from({ length: 1 + below(30) }, () => pieces[below(pieces.length)]).join(below(2) ? " " : "");
      expect(ours(`${html} >`), html).toEqual(theirs(`${html} >`));
    }
  });
});

test("a deep or endless document costs no more than its length", () => {
  const tags = 300_000;
  let opened = 0;
  let closed = 0;
  readHtml(`${"<div><b></i>".repeat(tags)}<a ${"x ".repeat(tags)}`, {
    onopentag: () => opened++,
    onclosetag: () => closed++,
  });
  expect([opened, closed]).toEqual([2 * tags, 2 * tags + 1]);
});
