import { createServer as createTcpServer, type Server } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTinySite, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { findChromium } from "./browser";
import { createRenderer, type RenderConfig, type Renderer, type RenderOutcome } from "./index";

const WORDS = "Every parcel leaves our house within two working days and can be sent back within thirty. ".repeat(4);
const JSON_TYPE = { "content-type": "application/json" };
const SCRIPT_TYPE = { "content-type": "text/javascript", "cache-control": "max-age=600" };

const shell = (script: string, head = ""): string =>
  `<!doctype html><html lang="en"><head><title>Shop</title>${head}</head><body><div id="root"></div><script>
const show = (html) => { document.getElementById("root").innerHTML = html; };
const WORDS = ${JSON.stringify(WORDS)};
const showWords = () => show("<p>" + WORDS + "</p>");
${script}</script></body></html>`;

describe.skipIf(!findChromium(process.env.CHROMIUM_PATH))("rendering", () => {
  let site: TinySite;
  /** On another port of loopback, which nobody opened: every connection to it is a hole. */
  let secret: Server;
  let secretHost: string;
  let secretConnections = 0;
  let renderer: Renderer;

  const config = (more: Partial<RenderConfig> = {}): RenderConfig => ({
    userAgent: "AlonChatBot/1.0 (+https://alonchat.test)",
    allowHosts: [site.host],
    chromiumPath: process.env.CHROMIUM_PATH,
    concurrency: 1,
    timeoutMs: 20_000,
    memoryMebibytes: 768,
    ...more,
  });
  const render = (
    html: string,
    { on = renderer, path = "/", allowed = (_url: string): boolean => true, tenantId = "a" } = {},
  ) => on.render({ tenantId, url: site.url + path, html, allowed }, AbortSignal.timeout(150_000));
  /** With other limits, in a browser of its own. */
  const renderWith = async (more: Partial<RenderConfig>, html: string): Promise<RenderOutcome> => {
    const own = createRenderer(config(more));
    try {
      return await render(html, { on: own });
    } finally {
      await own.close();
    }
  };
  const htmlOf = (outcome: RenderOutcome): string => {
    if (outcome.kind !== "rendered") throw new Error(`not rendered but ${JSON.stringify(outcome)}`);
    return outcome.html;
  };

  beforeAll(async () => {
    site = await startTinySite();
    secret = createTcpServer((socket) => {
      secretConnections++;
      socket.end("HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 6\r\n\r\nsecret");
    });
    await new Promise<void>((resolve) => secret.listen(0, "127.0.0.1", resolve));
    secretHost = `127.0.0.1:${(secret.address() as { port: number }).port}`;
    renderer = createRenderer(config());
  });
  beforeEach(() => {
    site.requests.length = 0;
    for (const path of Object.keys(site.pages)) delete site.pages[path];
    secretConnections = 0;
  });
  afterAll(async () => {
    await renderer?.close();
    await site?.stop();
    secret?.close();
  });

  test("scripts and their data are fetched, the document is not asked for again", async () => {
    site.pages["/app.js"] = {
      headers: SCRIPT_TYPE,
      body: `fetch("/data.json").then((r) => r.json()).then(({ title }) => show("<h1>" + title + "</h1><p>" + WORDS + "</p><a href='/next'>on</a>"))`,
    };
    site.pages["/data.json"] = { headers: JSON_TYPE, body: '{"title":"From the interface"}' };
    const html = htmlOf(await render(shell("", "").replace("</body>", '<script src="/app.js"></script></body>')));
    expect(html).toContain("<h1>From the interface</h1>");
    expect(html).toContain('<a href="/next">on</a>');
    expect(site.requests.map(({ path }) => path)).toEqual(["/app.js", "/data.json"]);
  });

  test("what may be kept is asked for once for all pages of a tenant, and anew for another; what varies or needs a key is asked for each time", async () => {
    site.pages["/bundle.js"] = { headers: SCRIPT_TYPE, body: "showWords()" };
    const page = shell("").replace("</body>", '<script src="/bundle.js"></script></body>');
    for (const path of ["/one", "/two"])
      expect(htmlOf(await render(page, { path, tenantId: "b" }))).toContain("parcel");
    expect(site.requests).toHaveLength(1);
    site.requests.length = 0;
    site.pages["/varies"] = { headers: { ...SCRIPT_TYPE, vary: "Accept-Language" }, body: "1" };
    site.pages["/mine"] = { headers: SCRIPT_TYPE, body: "1" };
    const asks = shell(
      `Promise.all([fetch("/varies"), fetch("/mine", { headers: { authorization: "Bearer x" } })]).then(showWords)`,
    );
    for (const path of ["/one", "/two"]) await render(asks, { path, tenantId: "b" });
    expect(site.requests).toHaveLength(4);
    site.requests.length = 0;
    expect(htmlOf(await render(page, { tenantId: "c" }))).toContain("parcel");
    expect(site.requests).toHaveLength(1);
  });

  test("images, fonts, media, frames, beacons and prefetches are not fetched; a page that waits for its style sheet goes on", async () => {
    const html = htmlOf(
      await render(
        shell(
          `const sheet = document.createElement("link");
           sheet.rel = "stylesheet"; sheet.href = "/late.css";
           sheet.onload = () => show("<p>styled " + WORDS + "</p><img src='/a.png'><video src='/a.mp4'></video><iframe src='/frame'></iframe>");
           document.head.append(sheet);
           new Image().src = "/pixel.gif"; navigator.sendBeacon("/beacon", "x"); new FontFace("f", "url(/f.woff2)").load().catch(() => {});`,
          `<link rel="prefetch" href="/prefetched"><link rel="dns-prefetch" href="//private.test"><link rel="icon" href="/i.ico"><link rel="manifest" href="/m.json">
           <script type="speculationrules">{"prerender":[{"source":"list","urls":["/prerendered"]}]}</script>`,
        ),
      ),
    );
    expect(html).toContain("styled");
    expect(site.requests).toEqual([]);
  });

  test("open shadow roots are read where they are seen", async () => {
    const html = htmlOf(
      await render(
        shell(`customElements.define("x-card", class extends HTMLElement { constructor() { super();
          this.attachShadow({ mode: "open" }).innerHTML = "<h2>In the shadow</h2><slot></slot>"; } });
          show("<x-card><p>" + WORDS + "</p></x-card>");`),
      ),
    );
    expect(html).toMatch(/<x-card><h2>In the shadow<\/h2><p>Every parcel/);
  });

  test("what robots.txt forbids on the page's own site is not asked for by its scripts either, nor behind a redirect", async () => {
    site.pages["/api/open"] = { headers: JSON_TYPE, body: "{}" };
    site.pages["/api/closed"] = { headers: JSON_TYPE, body: "{}" };
    site.pages["/api/leads"] = { status: 302, headers: { location: "/api/closed" } };
    const html = htmlOf(
      await render(
        shell(`Promise.allSettled(["/api/open", "/api/closed", "/api/leads"].map((path) => fetch(path)))
          .then((all) => show("<p>" + all.map(({ status }) => status) + " " + WORDS + "</p>"))`),
        { allowed: (url) => !url.includes("closed") },
      ),
    );
    expect(html).toContain("fulfilled,rejected,rejected");
    expect(site.requests.map(({ path }) => path).sort()).toEqual(["/api/leads", "/api/open"]);
  });

  test("private addresses and unopened ports are out of reach for fetch, XHR, scripts, workers, sockets and frames", async () => {
    const html = htmlOf(
      await render(
        shell(`const targets = ["http://169.254.169.254/latest/meta-data/", "http://${secretHost}/", "http://localhost:${secretHost.split(":")[1]}/", "http://[::1]/", "http://10.0.0.1/"];
          const tries = targets.flatMap((url) => [
            fetch(url), fetch(url, { mode: "no-cors" }), fetch(url, { method: "POST", body: "x", mode: "no-cors" }),
            new Promise((yes, no) => { const x = new XMLHttpRequest(); x.open("GET", url); x.onload = yes; x.onerror = no; x.send(); }),
            new Promise((yes, no) => { const s = document.createElement("script"); s.src = url; s.onload = yes; s.onerror = no; document.head.append(s); }),
            new Promise((yes, no) => { const w = new WebSocket(url.replace("http", "ws")); w.onmessage = yes; w.onerror = no; w.onclose = no; }),
            new Promise((yes, no) => { const e = new EventSource(url); e.onopen = yes; e.onerror = no; }),
          ]);
          for (const url of targets) { const f = document.createElement("iframe"); f.src = url; document.body.append(f); }
          const blob = URL.createObjectURL(new Blob(targets.map((url) => "fetch('" + url + "',{mode:'no-cors'}).catch(()=>{});new WebSocket('" + url.replace("http", "ws") + "');")));
          try { new Worker(blob); } catch {}
          const inner = document.createElement("iframe"); document.body.append(inner);
          try { new inner.contentWindow.Worker(blob); new inner.contentWindow.WebSocket("ws://${secretHost}/"); } catch {}
          Promise.allSettled(tries).then((all) => show("<p>done " + all.filter(({ status }) => status === "fulfilled").length + " " + WORDS + "</p>"))`),
      ),
    );
    expect(html).toContain("done 0 ");
    expect(secretConnections).toBe(0);
  });

  test("a page on a public address does not reach what the operator opened", async () => {
    site.pages["/inside"] = { headers: { "access-control-allow-origin": "*" }, body: "inside" };
    const outcome = await renderer.render(
      {
        tenantId: "a",
        url: "http://93.184.215.14/",
        allowed: () => true,
        html: shell(
          `fetch("${site.url}/inside").then((r) => r.text()).catch(() => "refused").then((text) => show("<p>" + text + " " + WORDS + "</p>"))`,
        ),
      },
      AbortSignal.timeout(150_000),
    );
    expect(htmlOf(outcome)).toContain("refused");
    expect(site.requests).toEqual([]);
  });

  test.each([
    ["a private address", () => `http://${secretHost}/`],
    ["the metadata service", () => "http://169.254.169.254/latest/"],
    ["another page of the site", () => `${site.url}/elsewhere`],
  ])("a script that sends on to %s ends the page without a request", async (_what, target) => {
    const outcome = await render(shell(`location.href = "${target()}";`));
    expect(outcome).toEqual({ kind: "moved", url: target() });
    expect({ secretConnections, requests: site.requests }).toEqual({ secretConnections: 0, requests: [] });
  });

  test("history routing is told by the address that comes with the text", async () => {
    expect(await render(shell('history.replaceState(null, "", "/en"); showWords();'))).toMatchObject({
      kind: "rendered",
      url: `${site.url}/en`,
    });
  });

  test("the text of a page that never stops asking is read", async () => {
    site.pages["/poll"] = { headers: JSON_TYPE, body: "{}" };
    const html = htmlOf(
      await render(
        shell('showWords(); const poll = () => fetch("/poll").finally(() => setTimeout(poll, 20)); poll();'),
      ),
    );
    expect(html).toContain("parcel");
    expect(site.requests.length).toBeLessThanOrEqual(100);
  });

  test("a page may ask a hundred times and not more", async () => {
    site.pages["/n"] = { headers: JSON_TYPE, body: "{}" };
    const html = htmlOf(
      await render(
        shell(`Promise.allSettled(Array.from({ length: 150 }, () => fetch("/n")))
          .then((all) => show("<p>" + all.filter(({ status }) => status === "fulfilled").length + " answers " + WORDS + "</p>"))`),
      ),
    );
    expect(html).toContain("100 answers");
    expect(site.requests).toHaveLength(100);
  });

  test("a 429 of the page's host holds the page back", async () => {
    site.pages["/data"] = { status: 429, headers: { "retry-after": "7" } };
    expect(await render(shell('fetch("/data")'))).toEqual({ kind: "slow_down", waitMs: 7_000 });
  });

  test("pages are strangers to one another: no cookies, no storage, nothing sent that the site set", async () => {
    site.pages["/set"] = { headers: { ...JSON_TYPE, "set-cookie": "seen=1" }, body: "{}" };
    const sees = shell(`const before = document.cookie + "|" + localStorage.length;
      localStorage.setItem("seen", "1"); document.cookie = "own=1";
      fetch("/set").then(() => show("<p>before:" + before + ": now:" + document.cookie + ": " + WORDS + "</p>"))`);
    for (const tenantId of ["a", "z"])
      expect(htmlOf(await render(sees, { tenantId }))).toContain("before:|0: now:own=1:");
  });

  test("windows, dialogs, downloads and service workers come to nothing, and the text is read", async () => {
    const html = htmlOf(
      await render(
        shell(`window.open("http://${secretHost}/"); alert("a"); confirm("b"); prompt("c"); print();
          const inner = document.createElement("iframe"); document.body.append(inner);
          try { inner.contentWindow.alert("d"); inner.contentWindow.open("/opened"); } catch {}
          for (const href of ["/file.zip", URL.createObjectURL(new Blob(["x"]))]) {
            const a = document.createElement("a"); a.href = href; a.download = "file.zip"; a.click(); }
          const link = document.createElement("a"); link.href = "/new-tab"; link.target = "_blank"; link.click();
          Promise.resolve(navigator.serviceWorker?.register("/sw.js")).then(() => "registered", () => "refused")
            .then(() => show("<p>" + WORDS + "</p>"))`),
      ),
    );
    expect(html).toContain("parcel");
    expect({ secretConnections, requests: site.requests }).toEqual({ secretConnections: 0, requests: [] });
  });

  test.each([
    ["a script without end", "for (;;);"],
    ["alerts without end", "for (;;) alert(1);"],
    ["a page that keeps itself busy by promises", "const again = () => Promise.resolve().then(again); again();"],
  ])("%s ends at the time limit", async (_what, script) => {
    expect(await renderWith({ timeoutMs: 3_000 }, shell(script))).toEqual({
      kind: "unreadable",
      code: "render_timeout",
    });
  });

  test("a page that hoards memory is ended, by the limit or by its own crash", async () => {
    const outcome = await renderWith(
      { memoryMebibytes: 400 },
      shell("const kept = []; setInterval(() => { const a = new Uint8Array(3e7); a.fill(1); kept.push(a); }, 30);"),
    );
    expect(outcome).toMatchObject({ kind: "unreadable", code: expect.stringMatching(/^render_(memory|failed)$/) });
  });

  test("after a page that hung the next one gets a new browser", async () => {
    const own = createRenderer(config({ timeoutMs: 8_000 }));
    try {
      expect(await render(shell("for (;;);"), { on: own })).toMatchObject({ code: "render_timeout" });
      expect(htmlOf(await render(shell("showWords()"), { on: own }))).toContain("parcel");
    } finally {
      await own.close();
    }
    expect(own.browsers).toBe(0);
  });

  test("scripts that change JavaScript itself do not change what is read", async () => {
    const html = htmlOf(
      await render(
        shell(`show("<p>true words " + WORDS + "</p>");
          Object.defineProperty(Element.prototype, "outerHTML", { get: () => "forged" });
          document.querySelectorAll = () => { throw new Error("no"); }; JSON.stringify = () => "forged"; Array.prototype.slice = null;`),
      ),
    );
    expect(html).toContain("true words");
    expect(html).not.toContain(">forged<");
  });

  test("a run that is stopped stops its page", async () => {
    const stop = new AbortController();
    site.pages["/called"] = () => {
      stop.abort(new Error("stopped"));
      return { headers: JSON_TYPE, body: "{}" };
    };
    const source = { tenantId: "a", url: `${site.url}/`, html: shell('fetch("/called")'), allowed: () => true };
    await expect(renderer.render(source, stop.signal)).rejects.toThrow("stopped");
    expect(htmlOf(await render(shell("showWords()")))).toContain("parcel");
  });

  test("a static page is what it was", async () => {
    expect(htmlOf(await render(String(tinyPage("plain things").body)))).toContain("This page is about plain things.");
  });
});

test("without Chromium a page is reported with what to install, and nothing is started", async () => {
  const renderer = createRenderer({
    userAgent: "Bot/1.0",
    allowHosts: [],
    chromiumPath: "/nowhere/chromium",
    concurrency: 1,
    timeoutMs: 1_000,
    memoryMebibytes: 256,
  });
  const source = { tenantId: "a", url: "http://93.184.215.14/", html: "", allowed: () => true };
  expect(await renderer.render(source, AbortSignal.timeout(1_000))).toEqual({
    kind: "unavailable",
    reason: expect.stringContaining("apt-get install chromium"),
  });
  expect(renderer.browsers).toBe(0);
});
