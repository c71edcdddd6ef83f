import { describe, expect, test } from "vitest";
import { findingsOf, type PageToCheck } from "./findings";

const AGENT = "ag_abcdefgh23456789";
const SNIPPET = `<script async src="https://app.test/widget/v1/loader.js" data-agent="${AGENT}" data-color="#0f6b5c"></script>`;
const html = (...parts: string[]) =>
  `<!doctype html><html><head><title>Shop</title></head><body><h1>Shop</h1>${parts.join("")}</body></html>`;

const AGENT_OF_SHOP = {
  ...{ publicId: AGENT, allowedDomains: ["shop.test"], hasPicture: false },
  ...{ handover: false, attachments: false },
};

const check = (over: Partial<PageToCheck> = {}) =>
  findingsOf({
    requestedUrl: "https://shop.test/",
    url: "https://shop.test/",
    html: html(SNIPPET),
    policy: undefined,
    agent: AGENT_OF_SHOP,
    appOrigin: "https://app.test",
    supabaseOrigin: "https://base.test",
    lastSeenAt: null,
    ...over,
  });
const problems = (over: Partial<PageToCheck> = {}) =>
  check(over)
    .filter(({ level }) => level !== "ok")
    .map(({ id }) => id);

test("a page that has everything has no problem, and says what is right", () => {
  expect(problems()).toEqual([]);
  expect(check().map(({ id }) => id)).toEqual(["domain_allowed", "snippet_found"]);
});

test.each<[string, Partial<PageToCheck>, string[]]>([
  ["no snippet", { html: html() }, ["snippet_missing"]],
  ["a snippet in a comment", { html: html(`<!-- ${SNIPPET} -->`) }, ["snippet_missing"]],
  ["a snippet as text", { html: html(`<pre>${SNIPPET.replaceAll("<", "&lt;")}</pre>`) }, ["snippet_missing"]],
  [
    "a snippet where no script runs",
    { html: html(`<noscript>${SNIPPET}</noscript>`) },
    ["snippet_dead", "snippet_missing"],
  ],
  ["a snippet in a template", { html: html(`<template>${SNIPPET}</template>`) }, ["snippet_dead", "snippet_missing"]],
  ["two snippets", { html: html(SNIPPET, SNIPPET) }, ["snippet_twice"]],
  ["another agent's snippet", { html: html(SNIPPET.replace(AGENT, "ag_other")) }, ["other_agent"]],
  [
    "a snippet without an agent",
    { html: html('<script async src="https://app.test/widget/v1/loader.js"></script>') },
    ["other_agent"],
  ],
  [
    "another agent's snippet beside the own",
    { html: html(SNIPPET, SNIPPET.replace(AGENT, "ag_other")) },
    ["another_too"],
  ],
  ["a snippet that the page waits for", { html: html(SNIPPET.replace("async ", "")) }, ["not_async"]],
  ["a snippet as a module", { html: html(SNIPPET.replace("async", 'async type="module"')) }, ["as_module"]],
  ["another server's snippet", { html: html(SNIPPET.replace("app.test", "old.test")) }, ["other_server"]],
  [
    "a file that is not the loader",
    { html: html(SNIPPET.replace("/widget/v1/loader.js", "/widget.js")) },
    ["old_loader"],
  ],
  ["a tag manager and no snippet", { html: html("<script>GTM-ABC1234</script>") }, ["snippet_maybe_by_script"]],
  [
    "a domain that is not allowed",
    { url: "https://www.shop.test/", requestedUrl: "https://www.shop.test/" },
    ["domain_not_allowed"],
  ],
  ["a redirect to another domain", { url: "https://www.shop.test/" }, ["domain_not_allowed", "redirected"]],
  ["no TLS", { url: "http://shop.test/", requestedUrl: "http://shop.test/" }, ["not_https"]],
  [
    "a chat without TLS",
    { appOrigin: "http://app.test", html: html(SNIPPET.replace("https:", "http:")) },
    ["mixed_content"],
  ],
  ["a policy for oneself only", { policy: "default-src 'self'" }, ["csp_script", "csp_connect"]],
  ["a policy without connect-src", { policy: "script-src https://app.test; connect-src 'self'" }, ["csp_connect"]],
  [
    "a policy in the page",
    { html: `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">${html(SNIPPET)}` },
    ["csp_script"],
  ],
  ["a sandbox", { policy: "sandbox allow-forms" }, ["csp_sandbox"]],
])("%s is found", (_what, over, ids) => {
  expect(problems(over).toSorted()).toEqual(ids.toSorted());
  for (const { level, fix } of check(over)) if (level !== "ok") expect(fix.length).toBeGreaterThan(20);
});

describe("a policy for the app alone, where people take over and visitors send files", () => {
  const policy = (connect: string) => ({
    policy: `script-src https://app.test; connect-src https://app.test ${connect}`,
    agent: { ...AGENT_OF_SHOP, handover: true, attachments: true },
  });
  const fix = (over: Partial<PageToCheck>) => check(over).find(({ id }) => id === "csp_live")?.fix;

  test("is told which addresses of Supabase are missing", () => {
    expect(fix(policy(""))).toContain("Add wss://base.test and https://base.test to connect-src");
    expect(fix(policy("https://base.test"))).toContain("Add wss://base.test to connect-src");
    expect(fix(policy("wss://base.test"))).toContain("Add https://base.test to connect-src");
    expect(fix(policy("https://base.test wss://other.test"))).toContain("Add wss://base.test to");
  });

  test("is right with both, with what covers them, and where neither is used or there is no Supabase", () => {
    expect(problems(policy("https://base.test wss://base.test"))).toEqual([]);
    expect(problems(policy("https://*.test wss:"))).toEqual([]);
    expect(problems({ ...policy(""), agent: AGENT_OF_SHOP })).toEqual([]);
    expect(problems({ ...policy(""), supabaseOrigin: null })).toEqual([]);
    expect(problems({ ...policy(""), agent: { ...AGENT_OF_SHOP, attachments: true } })).toEqual(["csp_live"]);
  });
});

describe("what is right is not blamed", () => {
  test.each<[string, Partial<PageToCheck>]>([
    ["a pinned version", { html: html(SNIPPET.replace("/v1/", "/v1.4/")) }],
    ["the beta channel", { html: html(SNIPPET.replace("/v1/", "/beta/")) }],
    ["defer in place of async", { html: html(SNIPPET.replace("async", "defer")) }],
    [
      "a relative address on the own server",
      { appOrigin: "https://shop.test", html: html(SNIPPET.replace("https://app.test", "")) },
    ],
    ["a base element", { html: `<base href="https://app.test/">${html(SNIPPET.replace("https://app.test", ""))}` }],
    [
      "a policy that lets the chat work",
      {
        policy:
          "default-src 'self'; script-src https://app.test; connect-src https://app.test; require-trusted-types-for 'script'",
      },
    ],
    [
      "a policy with a nonce",
      {
        policy: "script-src 'nonce-r4nd0m' 'strict-dynamic'",
        html: html(SNIPPET.replace("async", 'async nonce="r4nd0m"')),
      },
    ],
    [
      "this machine without TLS",
      {
        url: "http://localhost:8080/",
        requestedUrl: "http://localhost:8080/",
        appOrigin: "http://localhost:3000",
        html: html(SNIPPET.replace("https://app.test", "http://localhost:3000")),
        agent: { ...AGENT_OF_SHOP, allowedDomains: ["localhost:8080"] },
      },
    ],
    ["a snippet that a script puts in, which browsers loaded", { html: html(), lastSeenAt: "2026-11-28T10:00:00Z" }],
  ])("%s", (_what, over) => {
    expect(problems(over)).toEqual([]);
  });
});

test("a picture needs img-src only where there is one", () => {
  const policy = "img-src 'self'";
  expect(problems({ policy })).toEqual([]);
  const agent = { ...AGENT_OF_SHOP, hasPicture: true };
  expect(problems({ policy, agent })).toEqual(["csp_image"]);
});

test("errors come before warnings, and those before what is right", () => {
  const levels = check({ url: "http://www.shop.test/", html: html(SNIPPET, SNIPPET) }).map(({ level }) => level);
  expect(levels).toEqual(
    levels.toSorted((a, b) => ["error", "warning", "ok"].indexOf(a) - ["error", "warning", "ok"].indexOf(b)),
  );
});
