import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataDir } from "@/lib/testing/data-dir";
import { checkUrl, isPublicAddress, type Lookup } from "./index";

type Row = {
  id: string;
  url: string;
  why: string;
  expect: "block" | "allow";
  severity: "must" | "should";
  /** Per name: the answers to the first, second, … question, or an error code. */
  dns?: Record<string, string[][] | string>;
};
const dir = dataDir();
const rows: Row[] = dir
  ? readFileSync(join(dir, "security/ssrf_urls.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];

function scriptedLookup(dns: Row["dns"] = {}): Lookup {
  const asked = new Map<string, number>();
  return async (name) => {
    const script = dns[name];
    if (!Array.isArray(script)) throw Object.assign(new Error(name), { code: script ?? "ENOTFOUND" });
    const turn = asked.get(name) ?? 0;
    asked.set(name, turn + 1);
    return (script[Math.min(turn, script.length - 1)] ?? []).map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
  };
}

describe.skipIf(!dir)("SSRF rows (read from ../shared/data or ALONCHAT_DATA_DIR)", () => {
  test.each(rows)("$severity $expect $id: $why", async (row) => {
    const lookup = scriptedLookup(row.dns);
    const questions = Math.max(
      1,
      ...Object.values(row.dns ?? {}).map((answers) => (Array.isArray(answers) ? answers.length : 1)),
    );
    let check = await checkUrl(row.url, { lookup });
    // A changing answer must be caught by the question that gets it.
    for (let i = 1; i < questions && check.ok; i++) check = await checkUrl(row.url, { lookup });
    expect(check.ok ? "allow" : "block", check.ok ? check.url.href : check.reason).toBe(row.expect);
  });
});

const publicName: Lookup = async () => [{ address: "93.184.215.14", family: 4 }];
const privateName: Lookup = async () => [{ address: "10.1.2.3", family: 4 }];

describe("checkUrl", () => {
  test("gives the parsed address and what its name resolves to", async () => {
    const check = await checkUrl("https://Example.com./a?b#c", { lookup: publicName });
    expect(check).toMatchObject({ ok: true, addresses: [{ address: "93.184.215.14", family: 4 }] });
    expect(check.ok && check.url.href).toBe("https://example.com/a?b#c");
  });
  test.each([
    ["", "url_invalid"],
    ["example.com/page", "url_invalid"],
    [`https://example.com/${"a".repeat(9_000)}`, "url_invalid"],
    ["ftp://example.com/", "url_invalid"],
    ["https://user:secret@example.com/", "url_invalid"],
    ["https://...", "url_invalid"],
    ["https://example..com", "url_invalid"],
    ["https://example.com..", "url_invalid"],
    ["https://printer/", "url_blocked"],
    ["https://metadata.google.internal./computeMetadata/", "url_blocked"],
    ["https://168.63.129.16/", "url_blocked"],
    ["https://example.com:5432/", "url_blocked"],
  ])("refuses %s as %s, in words", async (url, code) => {
    const check = await checkUrl(url, { lookup: publicName });
    expect(check).toMatchObject({ ok: false, code, reason: expect.stringMatching(/\.$/) });
  });
  test.each([undefined, null, 7, {}])("is given %s by a careless caller and answers url_invalid", async (value) => {
    expect(await checkUrl(value as unknown as string)).toMatchObject({ ok: false, code: "url_invalid" });
  });
  test("a name without an answer, or with a broken one, is unreachable", async () => {
    for (const answer of [[], [""], ["127.1"], [undefined], undefined, [{ address: "fe80::1%eth0x y", family: 6 }]]) {
      const lookup = (async () => answer) as unknown as Lookup;
      expect(await checkUrl("https://example.com", { lookup })).toMatchObject({ ok: false, code: "host_unreachable" });
    }
  });
  test("understands plain strings and a single answer of a resolver", async () => {
    for (const answer of ["93.184.215.14", ["93.184.215.14"], { address: "93.184.215.14", family: "IPv4" }]) {
      const check = await checkUrl("https://example.com", { lookup: async () => answer });
      expect(check).toMatchObject({ ok: true, addresses: [{ address: "93.184.215.14", family: 4 }] });
    }
  });
  test("the resolver is asked once, so that what was checked is what is used", async () => {
    const asked: string[] = [];
    const lookup: Lookup = async (name) => {
      asked.push(name);
      return ["93.184.215.14"];
    };
    await checkUrl("https://example.com", { lookup });
    expect(asked).toEqual(["example.com"]);
  });
});

describe("what the operator opens", () => {
  const outcome = async (url: string, options: object, lookup = privateName) => {
    const check = await checkUrl(url, { lookup, ...options });
    return check.ok || check.code;
  };
  test("host:port opens that port only, a bare host every port of it", async () => {
    expect(await outcome("http://127.0.0.1:4400/", { allowHosts: ["127.0.0.1:4400"] })).toBe(true);
    expect(await outcome("http://127.0.0.1:4401/", { allowHosts: ["127.0.0.1:4400"] })).toBe("url_blocked");
    expect(await outcome("http://wiki.internal:9000/", { allowHosts: ["Wiki.internal"] })).toBe(true);
    expect(await outcome("https://wiki.internal/", { allowHosts: ["wiki.internal:443"] })).toBe(true);
    expect(await outcome("http://[::1]:4400/", { allowHosts: ["[::1]:4400"] })).toBe(true);
  });
  test("an allowed host does not open its subdomains, suffixes or addresses", async () => {
    for (const url of ["http://a.wiki.internal/", "http://evilwiki.internal/", "http://10.1.2.3/"])
      expect(await outcome(url, { allowHosts: ["wiki.internal"] })).toBe("url_blocked");
  });
  test("allowIps opens addresses on any port, but no internal names and no neighbours", async () => {
    expect(await outcome("http://shop.example.com:41234/", { allowIps: ["10.1.0.0/16"] })).toBe(true);
    expect(await outcome("http://10.1.2.3:41234/", { allowIps: ["10.1.2.3"] })).toBe(true);
    expect(await outcome("http://10.1.2.4/", { allowIps: ["10.1.2.3"] })).toBe("url_blocked");
    expect(await outcome("http://localhost/", { allowIps: ["10.0.0.0/8"] })).toBe("url_blocked");
    expect(await outcome("http://example.com:41234/", { allowIps: ["10.1.2.3"] }, publicName)).toBe("url_blocked");
  });
  test("allowPorts adds a port for public addresses only", async () => {
    expect(await outcome("http://example.com:3000/", { allowPorts: [3000] }, publicName)).toBe(true);
    expect(await outcome("http://example.com:3000/", { allowPorts: [3000] })).toBe("url_blocked");
  });
  test("senseless entries open nothing", async () => {
    const options = { allowHosts: ["", "*", "http://127.0.0.1", ":4400"], allowIps: ["", "*", "10.0.0.0/99", "ten"] };
    expect(await outcome("http://127.0.0.1:4400/", options)).toBe("url_blocked");
    expect(await outcome("http://10.1.2.3/", options)).toBe("url_blocked");
  });
});

describe("isPublicAddress", () => {
  test.each(["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])(
    "%s is public",
    (ip) => {
      expect(isPublicAddress(ip)).toBe(true);
    },
  );
  test.each([
    "127.0.0.1",
    "0.0.0.0",
    "172.16.0.1",
    "169.254.169.254",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::808:808",
    "2002:0808:0808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "3fff::1",
    "2001:db8::1",
    "4000::1",
    "example.com",
    "127.1",
    "",
  ])("%s is not", (ip) => {
    expect(isPublicAddress(ip)).toBe(false);
  });
  test("no address of a private IPv4 network is public, alone or inside IPv6", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privateIp = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
      fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
    );
    fc.assert(
      fc.property(
        privateIp,
        fc.constantFrom("", "::ffff:", "::", "64:ff9b::", "::ffff:0:", "64:ff9b:1::"),
        (octets, prefix) => {
          expect(isPublicAddress(prefix + octets.join("."))).toBe(false);
        },
      ),
    );
  });
});
