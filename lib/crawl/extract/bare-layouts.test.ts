import { describe, expect, test } from "vitest";
import { extractPage } from "../extract";

const TEXTS = [
  "To renew a certificate, open the console and choose the domain that is about to expire; the new one is valid for ninety days.",
  "If the renewal fails, the old certificate stays in place until its last day, and a mail tells every administrator of the account.",
  "Certificates of wildcard domains need a record in the zone of the domain, which the assistant writes for you when it may.",
  "Removing a certificate does not remove the domain: visitors see a warning until another one has been chosen for it.",
];
const LISTING = "acme certs renew --domain shop.test";
const HEADING = "From the command line";
const MENU = ["Home", "Guides", "API reference", "Pricing", "Blog", "Support", "Log in", "Sign up free"];
const SIDE = [
  "Overview",
  "Installing",
  "Redirecting",
  "Billing",
  "Users and roles",
  "Limits",
  "Changelog",
  "Migrating",
];
const FOOT = ["Terms", "Privacy", "Imprint", "Status", "Careers"];

const links = (labels: string[], wrap = (link: string) => link) =>
  labels.map((label, i) => wrap(`<a href="/${label.length}-${i}">${label}</a>`)).join(" ");
const box = (tag: string) => (inner: string) => `<${tag}>${inner}</${tag}>`;
const foot = `${links(FOOT)} © 2026 Acme Inc. All rights reserved.`;
const all = (texts: string[], tag: string, attributes = "") =>
  texts.map((text) => `<${tag}${attributes}>${text}</${tag}>`).join("");

/** Whole bodies in which no tag and no class says what is what. */
const LAYOUTS: Record<string, string> = {
  "boxes with hashed classes": `<div class="css-1x9"><div class="css-2k1">${links(MENU)}</div><div class="css-88a"><div class="css-q0z">${links(SIDE, box("div"))}</div>
    <div class="css-77b"><div class="css-0aa"><h1>Renew a certificate</h1></div>${all(TEXTS.slice(0, 2), "div", ' class="css-p0"')}<h2>${HEADING}</h2>
    <div class="css-5c"><pre>${LISTING}</pre></div>${all(TEXTS.slice(2), "div", ' class="css-p0"')}</div></div><div class="css-zz9">${foot}</div></div>`,
  "a table as layout, lines parted by breaks": `<table width="100%"><tr><td colspan="2">${links(MENU)}</td></tr><tr><td width="200">${links(SIDE, (link) => `${link}<br>`)}</td>
    <td><font size="5"><b>Renew a certificate</b></font><br><br>${TEXTS.slice(0, 2).join("<br><br>")}<br><br><b>${HEADING}</b><br><pre>${LISTING}</pre>${TEXTS.slice(2).join("<br><br>")}</td></tr>
    <tr><td colspan="2">${foot}</td></tr></table>`,
  "elements of its own": `<x-shell><x-top>${links(MENU)}</x-top><x-left>${links(SIDE, box("x-item"))}</x-left><x-body><h1>Renew a certificate</h1>${all(TEXTS.slice(0, 2), "x-text")}
    <h2>${HEADING}</h2><x-code><pre>${LISTING}</pre></x-code>${all(TEXTS.slice(2), "x-text")}</x-body><x-bottom>${foot}</x-bottom></x-shell>`,
  "each paragraph in boxes of its own": `<div id="a1">${links(MENU, box("span"))}</div><div id="a2"><h1>Renew a certificate</h1>${TEXTS.slice(
    0,
    2,
  )
    .map((text) => `<div class="b1"><div class="b2"><p>${text}</p></div></div>`)
    .join("")}
    <div class="b1"><h2>${HEADING}</h2><div class="b2"><pre><code>${LISTING}</code></pre></div></div><div class="b1"><div class="b2">${all(TEXTS.slice(2), "p")}</div></div>
    <div class="b9"><div>Was this page helpful?</div><span>Yes</span> <span>No</span></div></div><div id="a3">${links(SIDE)}</div><div id="a4">${foot}</div>`,
  "lists of everything": `<ul>${links(MENU, box("li"))}</ul><div><ul>${links(SIDE, box("li"))}</ul></div><div><div>Renew a certificate</div><ul>${all(TEXTS.slice(0, 2), "li")}</ul>
    <div>${HEADING}</div><pre>${LISTING}</pre><ol>${all(TEXTS.slice(2), "li")}</ol></div><div>${foot}</div>`,
};

describe.each(Object.entries(LAYOUTS))("a page of %s", (_name, body) => {
  test.each(["https://docs.acme.test/certs/renew", "https://acme.test/x/42"])(
    "at %s keeps what it says and loses its menus",
    (url) => {
      const head = "<head><title>Renew a certificate | Acme</title></head>";
      const { text } = extractPage(`<!doctype html><html lang="en">${head}<body>${body}</body></html>`, url);
      for (const part of [...TEXTS, LISTING, HEADING]) expect(text).toContain(part);
      for (const part of [...MENU, ...SIDE, ...FOOT, "All rights reserved", "Was this page"])
        expect(text).not.toContain(part);
    },
  );
});

test("short links under a heading stay: they are what a company offers", () => {
  const services = links(["Web design", "Branding", "Search", "Hosting", "Care"], box("li"));
  const html = `<title>Studio</title><body><div><h1>Studio Acme</h1><p>${TEXTS[0]}</p></div><div><h2>What we do</h2><ul>${services}</ul></div><div><p>${TEXTS[1]}</p></div></body>`;
  const { text } = extractPage(html, "https://acme.test/");
  for (const part of ["What we do", "Web design", "Care", TEXTS[1]]) expect(text).toContain(part);
});
