import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataDir } from "@/lib/testing/data-dir";
import { isAllowed, parseRobots, robotsUrl } from "./robots";

type Case = { id: string; test: string; ua: string; url: string; allow: boolean; robots: string };
const dir = dataDir();
const cases: Case[] = dir
  ? readFileSync(join(dir, "robots/rfc9309.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];

describe.skipIf(!dir)("RFC 9309 cases (read from ../shared/data or ALONCHAT_DATA_DIR)", () => {
  test.each(cases)("$id $test: $ua at $url → $allow", ({ robots, ua, url, allow }) => {
    expect(isAllowed(robots, ua, url)).toBe(allow);
  });
});

describe("agents", () => {
  const robots = parseRobots("User-agent: AlonChatBot\nDisallow: /private\n\nUser-agent: *\nDisallow: /");

  test("a whole User-Agent header is matched by its product token", () => {
    expect(robots.allowed("/open", "AlonChatBot/1.0 (+https://alonchat.test)")).toBe(true);
    expect(robots.allowed("/private/x", "Mozilla/5.0 (compatible; alonchatbot/2.0; +https://alonchat.test)")).toBe(
      false,
    );
  });
  test("an agent without a group falls under the star, and a longer name is another agent", () => {
    expect(robots.allowed("/open", "OtherBot")).toBe(false);
    expect(robots.allowed("/open", "AlonChatBotX")).toBe(false);
  });
  test("rules before any user-agent line are nobody's", () => {
    expect(isAllowed("Disallow: /\nUser-agent: *\nAllow: /x", "a", "https://e.test/y")).toBe(true);
  });
  test("an empty disallow still ends the list of agents", () => {
    const text = "User-agent: a\nDisallow:\nUser-agent: b\nDisallow: /";
    expect(isAllowed(text, "a", "https://e.test/x")).toBe(true);
    expect(isAllowed(text, "b", "https://e.test/x")).toBe(false);
  });
});

describe("patterns", () => {
  const under = (pattern: string, path: string) =>
    isAllowed(`user-agent: *\ndisallow: ${pattern}`, "a", `https://e.test${path}`);

  test("escapes are compared without regard to case, and non-ASCII as UTF-8", () => {
    expect(under("/caf%c3%a9", "/caf%C3%A9/menu")).toBe(false);
    expect(under("/café", "/café")).toBe(false);
    expect(under("/a{b}", "/a{b}c")).toBe(false);
  });
  test("a dollar counts only at the end", () => {
    expect(under("/a$b", "/a$b")).toBe(false);
    expect(under("/a$b", "/a")).toBe(true);
  });
  test("stars match any run, also none", () => {
    expect(under("/*/private*/x$", "/a/private/x")).toBe(false);
    expect(under("/**.pdf$", "/a.pdf")).toBe(false);
    expect(under("/a*b*c$", "/abcabd")).toBe(true);
  });
  test("something that is neither URL nor path may not be fetched", () => {
    expect(isAllowed("", "a", "not a url")).toBe(false);
    expect(isAllowed("", "a", "https://")).toBe(false);
  });
});

describe("other records", () => {
  test("crawl-delay is given per agent in seconds, bounded, and nonsense is ignored", () => {
    const robots = parseRobots("user-agent: a\ncrawl-delay: 2.5\nuser-agent: *\ndisallow: /x\ncrawl-delay: soon");
    expect(robots.crawlDelaySeconds("a/1.0")).toBe(2.5);
    expect(parseRobots("user-agent: *\ncrawl-delay: 1e9").crawlDelaySeconds("b")).toBe(3600);
    expect(parseRobots("user-agent: *\ncrawl-delay: -1").crawlDelaySeconds("b")).toBeUndefined();
  });
  test("sitemaps are listed wherever they stand", () => {
    const text = "Sitemap: https://e.test/a.xml\nuser-agent: *\nsitemap: /b.xml # second\ndisallow: /";
    expect(parseRobots(text).sitemaps).toEqual(["https://e.test/a.xml", "/b.xml"]);
  });
  test("robots.txt belongs to scheme, host and port", () => {
    expect(robotsUrl("https://e.test:8443/a/b?c#d")).toBe("https://e.test:8443/robots.txt");
  });
});

describe("hostile files", () => {
  test("what lies beyond 500 KiB is ignored, and the line at the limit with it", () => {
    const pad = `#${"x".repeat(511_960)}\n`;
    const text = `user-agent: *\n${pad}disallow: /private-area-of-the-members`;
    expect(isAllowed(text, "a", "https://e.test/private")).toBe(true);
    expect(isAllowed(`user-agent: *\n#${"x".repeat(500_000)}\ndisallow: /p`, "a", "https://e.test/p")).toBe(false);
  });
  test("thousands of agents sharing thousands of rules stay small", () => {
    const agents = Array.from({ length: 15_000 }, (_, i) => `user-agent:a${i}`).join("\n");
    const robots = parseRobots(`${agents}\n${"allow:/x\n".repeat(25_000)}disallow:/`);
    expect(robots.allowed("/y", "a14999")).toBe(false);
  });
  test("a pattern of many stars is matched without backtracking", () => {
    const text = `user-agent: *\ndisallow: /${"*a".repeat(5_000)}b`;
    expect(isAllowed(text, "a", `https://e.test/${"a".repeat(8_000)}`)).toBe(true);
  });
  test("a file whose patterns would take seconds forbids long paths instead, and still allows short ones", () => {
    const robots = parseRobots(`user-agent: *\n${"disallow: *xy\n".repeat(36_000)}`);
    expect(robots.allowed(`/${"x".repeat(8_000)}`, "a")).toBe(false);
    expect(robots.allowed("/x", "a")).toBe(true);
  });
  test("any text gives an answer", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .tuple(fc.constantFrom("user-agent", "allow", "disallow", "crawl-delay", "sitemap"), fc.string())
        .map((p) => p.join(":")),
    );
    fc.assert(
      fc.property(fc.array(line), fc.string(), fc.webUrl({ withQueryParameters: true }), (text, agent, url) => {
        expect(typeof isAllowed(text.join("\n"), agent, url)).toBe("boolean");
      }),
    );
  });
  test("a rule that is the path itself always matches it", () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        fc.pre(path !== "" && path !== "/robots.txt" && !/[*$#]/.test(path));
        const { pathname } = new URL(`https://e.test${path}`);
        expect(isAllowed(`user-agent: *\ndisallow: ${pathname}`, "a", `https://e.test${pathname}`)).toBe(false);
      }),
    );
  });
});
