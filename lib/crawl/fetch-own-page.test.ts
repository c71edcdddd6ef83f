import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTinySite, type TinyPage, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { fetchOwnPage } from "./fetch-own-page";
import { OpenRequests } from "./open-requests";

let site: TinySite;
let open: OpenRequests;
beforeAll(async () => {
  site = await startTinySite();
});
afterAll(() => site.stop());
beforeEach(() => {
  open = new OpenRequests();
});

async function widthAfter(page: TinyPage): Promise<number> {
  site.pages["/page"] = page;
  const request = { url: `${site.url}/page`, sourceUrl: site.url, attempt: 1 };
  const config = { userAgent: "AlonChatBot/1.0", allowHosts: [site.host] };
  expect(await fetchOwnPage(open, config, request, { signal: new AbortController().signal })).not.toBeNull();
  expect(open.stateOf(site.host)!.open).toBe(0);
  return open.stateOf(site.host)!.width;
}

test.each([429, 502, 503, 504])("an answer of %i is a host that cannot keep up", async (status) => {
  expect(await widthAfter({ status })).toBe(2);
});

test.each([
  ["a page", tinyPage("gaskets")],
  ["a page that does not exist", { status: 404 }],
  ["a page that fails by itself", { status: 500 }],
  ["a redirect", { status: 302, headers: { location: "/elsewhere" } }],
  ["a body that cannot be read", { body: "no gzip", headers: { "content-encoding": "snappy" } }],
] satisfies [string, TinyPage][])("%s is none", async (_what, page) => {
  expect(await widthAfter(page)).toBe(4);
});

test("while as many are open as the host bears, a page is not asked for", async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 4; i++) await open.enter(site.host, { signal });
  const before = site.requests.length;
  const request = { url: `${site.url}/page`, sourceUrl: site.url, attempt: 1 };
  const config = { userAgent: "AlonChatBot/1.0", allowHosts: [site.host] };
  expect(await fetchOwnPage(open, config, request, { signal, patienceMs: 10 })).toBeNull();
  expect(site.requests).toHaveLength(before);
});
