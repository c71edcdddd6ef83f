import { describe, expect, test } from "vitest";
import {
  AllowedDomain,
  type CrawlRun,
  isOriginAllowed,
  laterRun,
  nameFromUrl,
  PageQuery,
  runProgress,
  UpdateAgent,
} from "./schema";

describe("a domain that may embed the chat", () => {
  test.each([
    ["Example.com", "example.com"],
    ["https://shop.example.com/path?x=1", "shop.example.com"],
    ["*.example.com", "*.example.com"],
    ["localhost:4400", "localhost:4400"],
    ["127.0.0.1:4400", "127.0.0.1:4400"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
  ])("%s is kept as %s", (typed, kept) => expect(AllowedDomain.parse(typed)).toBe(kept));

  test.each([
    "",
    "*",
    "*.com",
    "exa mple.com",
    "-a.com",
    "a..b",
    "example.com:port",
    "user@example.com",
    "*.*.example.com",
    "example.*",
  ])("%j is refused", (typed) => expect(AllowedDomain.safeParse(typed).success).toBe(false));
});

describe("changes of an agent", () => {
  test("repeated domains fall away", () => {
    expect(UpdateAgent.parse({ allowedDomains: ["a.test", "https://A.test/"] })).toEqual({
      allowedDomains: ["a.test"],
    });
  });

  test.each([{ name: "  " }, { name: "x".repeat(91) }, { accentColor: "red" }])("%j is refused", (patch) =>
    expect(UpdateAgent.safeParse(patch).success).toBe(false),
  );
});

test.each([
  ["https://www.lumen-lamps.com/help", "Lumen lamps"],
  ["https://help.acme.co.uk/", "Acme"],
  ["https://docs.example.org", "Example"],
  ["http://127.0.0.1:4400/", "Website agent"],
  ["http://[::1]/", "Website agent"],
  ["http://localhost:3000", "Website agent"],
])("an agent for %s is called %s", (url, name) => expect(nameFromUrl(url)).toBe(name));

test("nonsense in the address of a list means its default", () => {
  expect(PageQuery.parse({ status: "<script>", q: ["a"], page: "-3" })).toEqual({ status: "all", q: "", page: 1 });
});

const run = (change: Partial<CrawlRun>): CrawlRun => ({
  id: "01930000-0000-7000-8000-000000000001",
  sourceId: "01930000-0000-7000-8000-00000000000a",
  status: "running",
  waiting: false,
  found: 10,
  fetched: 4,
  published: 2,
  unchanged: 0,
  failed: 0,
  excluded: 0,
  chunks: 0,
  limitReached: false,
  errorCode: null,
  errorMessage: null,
  startedAt: null,
  finishedAt: null,
  ...change,
});

describe("how far a crawl is", () => {
  test("counts every page that reached its end, whichever", () => {
    expect(runProgress(run({ published: 2, unchanged: 1, failed: 1, excluded: 1 }))).toEqual({
      settled: 5,
      percent: 50,
    });
  });
  test("is never 100 % before it is over", () => {
    expect(runProgress(run({ found: 2, published: 2 })).percent).toBe(99);
    expect(runProgress(run({ status: "failed", found: 0, published: 0 })).percent).toBe(100);
  });
  test("is 0 % while nothing is known", () => expect(runProgress(run({ found: 0, published: 0 })).percent).toBe(0));
});

describe("of two accounts of a run", () => {
  test("a late broadcast does not undo a newer one", () => {
    const newer = run({ published: 5, fetched: 6 });
    expect(laterRun(newer, run({}))).toBe(newer);
    expect(laterRun(run({}), newer)).toBe(newer);
  });
  test("the end outlives any progress that comes after it", () => {
    const done = run({ status: "completed", published: 3 });
    expect(laterRun(done, run({ published: 9 }))).toBe(done);
  });
  test("a newer run replaces an older one that had ended", () => {
    const next = run({ id: "01930000-0000-7000-8000-000000000002", found: 1, published: 0 });
    expect(laterRun(run({ status: "completed", published: 10 }), next)).toBe(next);
  });
  test("one is better than none", () => expect(laterRun(null, run({}))).toMatchObject({ found: 10 }));
});

test.each([
  ["https://shop.test", true],
  ["http://shop.test:9000", true],
  ["https://a.b.wild.test", true],
  ["https://wild.test", false],
  ["https://notwild.test", false],
  ["http://local.test:8080", true],
  ["http://local.test:8081", false],
  ["https://shop.test.evil.test", false],
  ["null", false],
  ["ftp://shop.test", false],
])(
  "an origin %s may use an agent of shop.test, *.wild.test and local.test:8080: %s, as the database decides",
  (origin, allowed) => {
    expect(isOriginAllowed(origin, ["shop.test", "*.wild.test", "local.test:8080"])).toBe(allowed);
  },
);
