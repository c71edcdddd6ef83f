import { describe, expect, test } from "vitest";
import { allowsScript, allowsUrl, parsePolicies } from "./csp";

const PAGE = new URL("https://shop.test/");
const LOADER = new URL("https://app.test/widget/v1/loader.js");
const API = new URL("https://app.test/api/widget/v1/");

const runs = (
  policy: string,
  { nonce = null as string | null, integrity = null as string | null, url = LOADER, page = PAGE } = {},
) => parsePolicies([policy]).every((one) => allowsScript(one, { url, nonce, integrity }, page));
const connects = (policy: string, url = API, page = PAGE) =>
  parsePolicies([policy]).every((one) => allowsUrl(one, ["connect-src", "default-src"], url, page));

describe("a script", () => {
  test.each<[string, boolean]>([
    ["img-src 'none'", true],
    ["default-src *", true],
    ["default-src 'none'", false],
    ["default-src 'self'", false],
    ["default-src 'none'; script-src https://app.test", true],
    ["default-src *; script-src 'self'", false],
    ["script-src *; script-src-elem 'self'", false],
    ["script-src 'none'; script-src-elem https://app.test", true],
    ["script-src app.test", true],
    ["script-src APP.test", true],
    ["script-src http://app.test", true],
    ["script-src https:", true],
    ["script-src http:", true],
    ["script-src wss:", false],
    ["script-src *.test", true],
    ["script-src *.app.test", false],
    ["script-src https://app.test:443", true],
    ["script-src https://app.test:8443", false],
    ["script-src https://app.test:*", true],
    ["script-src https://app.test/widget/", true],
    ["script-src https://app.test/widget", false],
    ["script-src https://app.test/widget/v1/loader.js", true],
    ["script-src https://app.test/other/", false],
    ["script-src 'unsafe-inline' 'unsafe-eval'", false],
    ["script-src https://app.test 'strict-dynamic' 'nonce-abc'", false],
    ["script-src https://app.test.evil.test", false],
    ["SCRIPT-SRC https://app.test", true],
    ["script-src 'self'; script-src https://app.test", false],
    ["script-src https://app.test, script-src 'self'", false],
    ["", true],
  ])("under %j may run: %s", (policy, allowed) => {
    expect(runs(policy)).toBe(allowed);
  });

  test("with the policy's nonce may run, also under strict-dynamic; with another it may not", () => {
    const policy = "script-src 'nonce-abc' 'strict-dynamic'";
    expect(runs(policy, { nonce: "abc" })).toBe(true);
    expect(runs(policy, { nonce: "xyz" })).toBe(false);
    expect(runs("script-src 'nonce-ABC'", { nonce: "abc" })).toBe(false);
  });

  test("whose every hash is listed may run", () => {
    expect(runs("script-src 'sha384-one'", { integrity: "sha384-one" })).toBe(true);
    expect(runs("script-src 'sha384-one'", { integrity: "sha384-one sha384-two" })).toBe(false);
  });

  test("of the page's own origin is 'self'", () => {
    expect(runs("script-src 'self'", { page: new URL("https://app.test/pricing") })).toBe(true);
  });

  test("on another port needs that port in the list", () => {
    const url = new URL("http://127.0.0.1:3000/widget/v1/loader.js");
    const page = new URL("http://127.0.0.1:8080/");
    expect(runs("script-src 127.0.0.1", { url, page })).toBe(false);
    expect(runs("script-src 127.0.0.1:3000", { url, page })).toBe(true);
  });
});

test("requests follow connect-src, and default-src without it", () => {
  expect(connects("default-src 'self'; connect-src https://app.test")).toBe(true);
  expect(connects("default-src https://app.test; connect-src 'self'")).toBe(false);
  expect(connects("default-src 'self'")).toBe(false);
  expect(connects("script-src 'none'")).toBe(true);
});
