import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AGENT, OTHER_AGENT } from "./fake-app";

/** The pages of a customer who put the snippet in, each with something that could trip the widget. */
const PAGES: Record<
  string,
  (app: string) => {
    head?: string;
    body?: string;
    html?: string;
    headers?: Record<string, string>;
    agent?: string | null;
  }
> = {
  "/plain": () => ({}),
  "/stub": () => ({
    head: `<script>window.alonchat=window.alonchat||function(){(alonchat.q=alonchat.q||[]).push(arguments)};alonchat("open")</script>`,
  }),
  "/twice": (app) => ({ body: snippet(app) }),
  "/unknown-agent": () => ({ agent: "ag_nosuchagent" }),
  "/csp": (app) => ({
    headers: {
      "content-security-policy": [
        "default-src 'none'",
        `script-src 'self' ${app}`,
        `connect-src ${app}`,
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join("; "),
    },
  }),
  "/hostile-css": () => ({
    head: `<style>* { all: unset !important; } html { font-size: 40px !important; } alonchat-widget { display: none !important; color: red !important; transform: rotate(9deg) !important; opacity: 0.2 !important } :not(:defined) { visibility: hidden !important }</style>`,
  }),
  "/nothing": () => ({ agent: null }),
  "/inline": (app) => ({
    body: `<div id="place" style="width:360px;height:500px">${snippet(app, AGENT, 'data-mode="inline"')}</div>`,
    agent: null,
  }),
  "/two": (app) => ({ body: snippet(app, OTHER_AGENT, 'data-position="left"') }),
  "/eager": (app) => ({ body: snippet(app, AGENT, 'data-load="page"'), agent: null }),
  "/german": (app) => ({ body: snippet(app, AGENT, 'data-language="de" data-position="left"'), agent: null }),
  "/spa": () => ({
    body: `<nav><button onclick="history.pushState({},'','/spa?page=2');document.querySelector('main').replaceChildren('Page 2')">Page 2</button></nav>`,
  }),
  "/rtl": () => ({ html: `lang="ar" dir="rtl"` }),
  "/shortcuts": () => ({
    body: `<input id="log" readonly><script>addEventListener("keydown", (e) => { document.getElementById("log").value += e.key })</script>`,
  }),
  "/hostile-prototypes": () => ({
    head: `<script>Array.prototype.extra = function () {}; Object.prototype.extra = 1; Element.prototype.toJSON = () => "x";</script>`,
  }),
};

const snippet = (app: string, agent = AGENT, attributes = "async") =>
  `<script src="${app}/widget/v1/loader.js" data-agent="${agent}" data-color="#1d6b4f" ${attributes}></script>`;

const paragraphs = `<p>Three-season tents, tested above the tree line. Free returns within 30 days.</p>`.repeat(30);

/** Serves those pages from an origin that is not the app's. */
export async function startHostSite(app: () => string): Promise<{ origin: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://host.test");
    if (pathname === "/favicon.ico") return void response.writeHead(204).end();
    const page = PAGES[pathname]?.(app());
    if (!page) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...page.headers });
    response.end(`<!doctype html><html ${page.html ?? 'lang="en"'}><head><title>Northwind Outdoor</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">${page.head ?? ""}
${page.agent === null ? "" : snippet(app(), page.agent)}</head><body><main><h1>Tents</h1>${paragraphs}</main>${page.body ?? ""}</body></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
