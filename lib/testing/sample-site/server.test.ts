import { createHash } from "node:crypto";
import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { html, jsonScript } from "@/lib/testing/sample-site/html";
import { indexablePages } from "@/lib/testing/sample-site/manifest";
import { type SampleSite, type SampleSiteOptions, startSampleSite } from "@/lib/testing/sample-site/server";

const running: SampleSite[] = [];
async function start(options: SampleSiteOptions = {}): Promise<SampleSite> {
  const site = await startSampleSite(options);
  running.push(site);
  return site;
}
afterEach(async () => {
  for (const site of running.splice(0)) await site.stop();
});

/** Hash of the bytes with the port taken out. */
async function fingerprint(site: SampleSite, path: string): Promise<string> {
  const bytes = Buffer.from(await (await fetch(site.url + path)).arrayBuffer());
  const text = path.endsWith(".gz")
    ? bytes.subarray(0, 10).toString("hex")
    : bytes.toString("latin1").replaceAll(site.url, "");
  return createHash("sha256").update(text).digest("hex");
}

test("two starts give the same bytes", async () => {
  const [a, b] = [await start(), await start()];
  const paths = [
    ...indexablePages,
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/sitemap-help.xml.gz",
    "/developers/sample-export",
    "/assets/site.css",
    "/assets/img/hero.svg",
  ];
  for (const path of paths) expect(await fingerprint(a, path), path).toBe(await fingerprint(b, path));
});

test("an unchanged page is answered with 304 by ETag or by date", async () => {
  const site = await start();
  const first = await fetch(`${site.url}/plans`);
  const etag = first.headers.get("etag") ?? "";
  expect(first.headers.get("last-modified")).toBe("Mon, 28 Sep 2026 06:00:00 GMT");
  expect((await fetch(`${site.url}/plans`, { headers: { "if-none-match": etag } })).status).toBe(304);
  expect(
    (await fetch(`${site.url}/plans`, { headers: { "if-modified-since": first.headers.get("last-modified") ?? "" } }))
      .status,
  ).toBe(304);
  expect((await fetch(`${site.url}/plans`, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  expect(
    (await fetch(`${site.url}/plans`, { headers: { "if-modified-since": "Mon, 28 Sep 2020 06:00:00 GMT" } })).status,
  ).toBe(200);
});

test("the widget can be set and taken away while the site runs, and the ETag follows", async () => {
  const site = await start();
  const snippet = '<script src="http://localhost:3000/widget/v1/loader.js" data-agent="pub_1" async></script>';
  const without = await fetch(`${site.url}/help/leaks`);
  expect(await without.text()).not.toContain("loader.js");
  site.setWidget({ appUrl: "http://localhost:3000/", publicId: "pub_1" });
  const headers = {
    "if-none-match": without.headers.get("etag") ?? "",
    "if-modified-since": without.headers.get("last-modified") ?? "",
  };
  const withWidget = await fetch(`${site.url}/help/leaks`, { headers });
  expect(withWidget.status).toBe(200);
  expect(await withWidget.text()).toContain(`${snippet}\n</body>`);
  for (const path of ["/nothing-here", "/fr/reparateurs", "/journal/workshop-notes-2018", "/garden-planner"]) {
    expect(await (await fetch(site.url + path)).text(), path).toContain(snippet);
  }
  expect(await (await fetch(`${site.url}/robots.txt`)).text()).not.toContain("loader.js");
  site.setWidget(null);
  expect((await fetch(`${site.url}/help/leaks`)).headers.get("etag")).toBe(without.headers.get("etag"));
});

test("the widget's address and id cannot break out of the attribute", async () => {
  const site = await start({ widget: { appUrl: 'http://a"><b', publicId: '"><img src=x>' } });
  const page = await (await fetch(`${site.url}/about`)).text();
  expect(page).toContain('data-agent="&quot;&gt;&lt;img src=x&gt;"');
  expect(page).not.toContain("<img src=x>");
});

test("requests are counted by path and query and remembered with their user agent", async () => {
  const site = await start();
  await fetch(`${site.url}/plans?x=1`, { headers: { "user-agent": "tester/1" } });
  await fetch(`${site.url}/plans?x=1`);
  expect(site.hits.get("/plans?x=1")).toBe(2);
  expect(site.requests[0]).toEqual({ path: "/plans?x=1", userAgent: "tester/1" });
  site.reset();
  expect([site.hits.size, site.requests.length]).toEqual([0, 0]);
});

test("absolute addresses follow a local Host header and no other", async () => {
  const site = await start();
  const port = Number(new URL(site.url).port);
  const canonical = (host: string): Promise<string> =>
    new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/about", headers: { host } }, (response) => {
        let body = "";
        response.on("data", (chunk) => {
          body += String(chunk);
        });
        response.on("end", () => resolve(/rel="canonical" href="([^"]+)"/.exec(body)?.[1] ?? ""));
      })
        .on("error", reject)
        .end();
    });
  expect(await canonical(`localhost:${port}`)).toBe(`http://localhost:${port}/about`);
  expect(await canonical(`shop.localhost:${port}`)).toBe(`http://shop.localhost:${port}/about`);
  expect(await canonical('evil.example"><script>')).toBe(`${site.url}/about`);
});

test("HEAD sends no body, forms lead to the basket, other methods are refused, a path is never echoed as markup", async () => {
  const site = await start();
  const head = await fetch(`${site.url}/about`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const post = await fetch(`${site.url}/cart/add`, { method: "POST", body: "sku=1", redirect: "manual" });
  expect([post.status, post.headers.get("location")]).toEqual([303, "/cart"]);
  expect((await fetch(`${site.url}/about`, { method: "DELETE" })).status).toBe(405);
  const missing = await (await fetch(`${site.url}/%22%3E%3Cscript%3Ealert(1)%3C/script%3E`)).text();
  expect(missing).not.toContain("<script>alert");
  expect((await fetch(`${site.url}//other.example/`)).status).toBe(404);
});

test("a port that is taken is an error", async () => {
  const site = await start();
  await expect(startSampleSite({ port: Number(new URL(site.url).port) })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("templates escape text, keep markup and cannot be left through JSON", () => {
  expect(html`<p title="${'"'}">${"<b> & 'c'"}${html`<i>${1}</i>`}${false}${[html`<u></u>`, "<"]}</p>`.value).toBe(
    '<p title="&quot;">&lt;b&gt; &amp; &#39;c&#39;<i>1</i><u></u>&lt;</p>',
  );
  expect(jsonScript({ text: "</script>" }).value).not.toContain("</script>");
});
