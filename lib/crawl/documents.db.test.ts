import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { FilesDeps } from "@/lib/files";
import { addTestSource, crawlSource, endOfRun, knowledgeOf, pagesOf, type TestSource } from "@/lib/testing/crawl-runs";
import { type CrawlWorker, parseHere, startCrawlWorker } from "@/lib/testing/crawl-worker";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { docxOf, pptxOf, xlsxOf, zipOf } from "@/lib/testing/office-files";
import { pdfLines, pdfOf } from "@/lib/testing/pdf-files";
import { startTinySite, type TinyPage, type TinySite, tinyPage } from "@/lib/testing/tiny-site";
import { DocumentRoom } from "./document-room";
import { forgetHostRules, startRun } from "./index";

let db: TestDatabase;
let site: TinySite;
let worker: CrawlWorker;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  forgetHostRules();
  site = await startTinySite();
});
afterEach(async () => {
  await worker.close();
  await site.stop();
});

const start = async ({ files = {} }: { files?: Partial<FilesDeps["config"]> } = {}) => {
  worker = await startCrawlWorker(db.url, {
    sweep: true,
    env: { CRAWL_ALLOW_HOSTS: site.host },
    parse: parseHere,
    files,
  });
};

const PDF = "application/pdf";
const OFFICE = "application/vnd.openxmlformats-officedocument";
const sent = (type: string, body: Buffer | string, headers: Record<string, string> = {}): TinyPage => ({
  headers: { "content-type": type, ...headers },
  body,
});
/** Enough text for a passage of its own. */
const FILLER = [
  "Our team looks after every order from the first question to the last screw,",
  "and answers letters within two working days. What was agreed on the telephone",
  "is confirmed in writing on the same day, and counts from then on for both sides.",
];
const terms = (days = 30, title?: string) =>
  pdfOf(
    [
      pdfLines(["Terms of sale.", `Whoever is not content sends the parcel back within ${days} days.`, ...FILLER]),
      pdfLines(["Frames are guaranteed for ten years, moving parts for two.", ...FILLER]),
    ],
    title ? { title } : {},
  );
const crawl = async (source: TestSource) => crawlSource(db, worker.deps, source);
const asked = (path: string) => site.requests.filter((request) => request.path === path);
const statuses = async (source: TestSource) =>
  Object.fromEntries(
    [...(await pagesOf(db, source)).values()].map((page) => [
      page.path,
      page.reason_code ? `${page.status} ${page.reason_code}` : page.status,
    ]),
  );
const reasonOf = async (source: TestSource, path: string) => (await pagesOf(db, source)).get(path)?.reason;
const passagesOf = async (source: TestSource, path: string) =>
  (
    await db.owner.query<{ title: string; anchor: string | null; content: string; kind: string }>(
      `select c.title, c.anchor, c.content, v.metadata ->> 'kind' as kind from chunks c
       join pages p on p.id = c.page_id join page_versions v on v.id = c.page_version_id
       where p.source_id = $1 and p.url = $2 and c.published order by c.position`,
      [source.sourceId, site.url + path],
    )
  ).rows;
const leftOvers = async () =>
  (await db.owner.query("select count(*)::int as n from private.fetched_documents")).rows[0].n;

describe("a website's documents", () => {
  test("are read like its pages: each once, in passages that know their page, slide or columns", async () => {
    await start();
    site.pages = {
      "/": tinyPage("Home", ["/terms.pdf", "/care.docx", "/talk.pptx", "/prices.xlsx", "/stock.csv", "/get?id=7"]),
      "/terms.pdf": sent(PDF, terms(30, "Terms and conditions")),
      "/care.docx": sent(
        `${OFFICE}.wordprocessingml.document`,
        docxOf([{ heading: "Care" }, { text: "Oil the frame once a year and wipe it dry." }]),
      ),
      "/talk.pptx": sent(
        `${OFFICE}.presentationml.presentation`,
        pptxOf([{ title: "Opening" }, { title: "Oak", lines: ["Our oak grows in the Spessart forest."] }]),
      ),
      "/prices.xlsx": sent(
        `${OFFICE}.spreadsheetml.sheet`,
        xlsxOf([
          {
            name: "2026",
            rows: [
              ["Article", "Price"],
              ["Stool", 49],
            ],
          },
        ]),
      ),
      "/stock.csv": sent("text/plain", "Article,In stock\nBench,12\nShelf,7\n"),
      "/get?id=7": sent("application/octet-stream", terms(14), {
        "content-disposition": 'attachment; filename="outlet-terms.pdf"',
      }),
    };
    const source = await addTestSource(db, `${site.url}/`);
    expect(await crawl(source)).toMatchObject({
      status: "completed",
      found: 7,
      fetched: 7,
      published: 7,
      failed: 0,
      excluded: 0,
    });
    expect(await passagesOf(source, "/terms.pdf")).toMatchObject([
      { title: "Terms and conditions", anchor: "page=1", kind: "pdf" },
      { anchor: "page=2", content: expect.stringContaining("ten years") },
    ]);
    expect(await passagesOf(source, "/care.docx")).toMatchObject([
      { title: "care.docx", kind: "docx", content: "Oil the frame once a year and wipe it dry." },
    ]);
    expect((await passagesOf(source, "/talk.pptx")).at(-1)).toMatchObject({ anchor: "slide=2", kind: "pptx" });
    expect((await passagesOf(source, "/prices.xlsx"))[0]?.content).toMatch(/Article.*Price[\s\S]*Stool.*49/);
    expect((await passagesOf(source, "/stock.csv"))[0]?.content).toMatch(/Article.*In stock[\s\S]*Bench.*12/);
    expect(await passagesOf(source, "/get?id=7")).toMatchObject([{ title: "outlet-terms.pdf" }, {}]);
    for (const path of Object.keys(site.pages)) expect({ path, times: asked(path).length }).toEqual({ path, times: 1 });
    expect(await leftOvers()).toBe(0);
  });

  test("are what their content says: an announced one that is none is left out in words, a page under any name is a page", async () => {
    await start();
    const { body } = tinyPage("Not a file");
    site.pages = {
      "/": tinyPage("Home", ["/page.pdf", "/liar.pdf", "/word.pdf", "/all.docx"]),
      "/page.pdf": tinyPage("A page after all"),
      "/liar.pdf": sent(PDF, body!),
      "/word.pdf": sent(PDF, docxOf([{ text: "This is a Word document under a wrong name." }])),
      "/all.docx": sent("application/zip", zipOf({ "a.txt": "Hello" })),
    };
    const source = await addTestSource(db, `${site.url}/`);
    await crawl(source);
    expect(await statuses(source)).toEqual({
      "/": "published",
      "/page.pdf": "published",
      "/liar.pdf": "excluded unsupported_content",
      "/word.pdf": "published",
      "/all.docx": "excluded unsupported_content",
    });
    expect(await reasonOf(source, "/liar.pdf")).toMatch(/announces a document here, but sends something else/);
    expect((await passagesOf(source, "/word.pdf"))[0]).toMatchObject({ kind: "docx" });
  });

  test("are not asked for where robots.txt or a pattern forbids, and not kept where a header does", async () => {
    await start();
    site.pages = {
      "/robots.txt": { body: "User-agent: *\nDisallow: /private/" },
      "/": tinyPage("Home", ["/private/a.pdf", "/old/a.docx", "/quiet.pdf", "/open.pdf"]),
      "/private/a.pdf": sent(PDF, terms()),
      "/old/a.docx": sent(`${OFFICE}.wordprocessingml.document`, docxOf([{ text: "Old rules for old orders." }])),
      "/quiet.pdf": sent(PDF, terms(10), { "x-robots-tag": "noindex" }),
      "/open.pdf": sent(PDF, terms(20)),
    };
    const source = await addTestSource(db, `${site.url}/`, { exclude: ["/old"] });
    await crawl(source);
    expect(await statuses(source)).toEqual({
      "/": "published",
      "/private/a.pdf": "excluded robots_denied",
      "/quiet.pdf": "excluded noindex",
      "/open.pdf": "published",
    });
    expect([asked("/private/a.pdf"), asked("/old/a.docx")]).toEqual([[], []]);
  });

  test("that cannot be read say why, in the words of uploads, and the rest goes on", async () => {
    await start();
    const bomb = docxOf([{ text: "x" }], { "word/document.xml": Buffer.alloc(20 * 1024 * 1024, 0x20) });
    worker.deps.config.maxFileBytes = 100_000;
    site.pages = {
      "/": tinyPage("Home", [
        "/locked.pdf",
        "/scan.pdf",
        "/torn.pdf",
        "/bomb.docx",
        "/old.doc",
        "/huge.pdf",
        "/fine.pdf",
      ]),
      "/locked.pdf": sent(PDF, pdfOf([pdfLines(["x"])], { locked: true })),
      "/scan.pdf": sent(PDF, pdfOf(["scanned", "scanned"])),
      "/torn.pdf": sent(PDF, "%PDF-1.7\nnothing of a PDF follows"),
      "/bomb.docx": sent(`${OFFICE}.wordprocessingml.document`, bomb),
      "/old.doc": sent("application/msword", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])),
      "/huge.pdf": sent(PDF, Buffer.concat([terms(), Buffer.alloc(200_000, 0x20)])),
      "/fine.pdf": sent(PDF, terms()),
    };
    const source = await addTestSource(db, `${site.url}/`);
    const run = await crawl(source);
    expect(run).toMatchObject({ status: "completed", found: 8, published: 2, failed: 4, excluded: 2 });
    expect(await statuses(source)).toEqual({
      "/": "published",
      "/locked.pdf": "failed encrypted",
      "/scan.pdf": "failed scanned",
      "/torn.pdf": "failed broken",
      "/bomb.docx": "failed too_large",
      "/old.doc": "excluded unsupported_content",
      "/huge.pdf": "excluded content_too_large",
      "/fine.pdf": "published",
    });
    expect(await reasonOf(source, "/locked.pdf")).toMatch(/password/i);
    expect(await reasonOf(source, "/huge.pdf")).toMatch(/larger than .* MB, so it was not read/);
    expect(await leftOvers()).toBe(0);
  });

  test("are shown to the virus scanner before anything opens them", async () => {
    const scanner = createServer((socket) => {
      let received = Buffer.alloc(0);
      socket.on("error", () => {});
      socket.on("data", (piece: Buffer) => {
        received = Buffer.concat([received, piece]);
        if (received.subarray(-4).equals(Buffer.alloc(4)))
          socket.end(received.includes("VIRUS") ? "stream: Test-Signature FOUND\0" : "stream: OK\0");
      });
    });
    await new Promise<void>((resolve) => scanner.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void scanner.close());
    await start({ files: { scanner: { host: "127.0.0.1", port: (scanner.address() as AddressInfo).port } } });
    site.pages = {
      "/": tinyPage("Home", ["/ill.pdf", "/well.pdf"]),
      "/ill.pdf": sent(PDF, Buffer.concat([terms(), Buffer.from("\n%VIRUS\n")])),
      "/well.pdf": sent(PDF, terms(14)),
    };
    const source = await addTestSource(db, `${site.url}/`);
    await crawl(source);
    expect(await statuses(source)).toEqual({
      "/": "published",
      "/ill.pdf": "failed infected",
      "/well.pdf": "published",
    });
    expect(await reasonOf(source, "/ill.pdf")).toMatch(/Test-Signature/);
  });

  test("with the same text are one, the others its duplicates", async () => {
    await start();
    site.pages = {
      "/": tinyPage("Home", ["/terms.pdf", "/copy-of-terms.pdf"]),
      "/terms.pdf": sent(PDF, terms()),
      "/copy-of-terms.pdf": sent(PDF, Buffer.concat([terms(), Buffer.from("\n%printed on Monday\n")])),
    };
    const source = await addTestSource(db, `${site.url}/`);
    expect(await crawl(source)).toMatchObject({ published: 2, excluded: 1 });
    expect(Object.values(await statuses(source)).sort()).toEqual([
      "duplicate duplicate_content",
      "published",
      "published",
    ]);
  });

  test("that are larger than pages wait for a place, so that only so many are in memory; smaller ones need none", async () => {
    await start();
    worker.deps.documentRoom = new DocumentRoom(1);
    const other = worker.deps.documentRoom.place();
    other.take();
    site.pages = {
      "/": tinyPage("Home", ["/small.pdf", "/large.pdf"]),
      "/small.pdf": sent(PDF, terms(10)),
      "/large.pdf": sent(PDF, Buffer.concat([terms(20), Buffer.alloc(30_000, 0x20)])),
    };
    const source = await addTestSource(db, `${site.url}/`);
    await db.owner.query("update sources set max_page_bytes = 20000 where id = $1", [source.sourceId]);
    const { runId } = await startRun(worker.deps, source);
    await expect.poll(() => statuses(source)).toMatchObject({ "/small.pdf": "published" });
    await expect.poll(() => asked("/large.pdf").length).toBeGreaterThan(1);
    expect((await pagesOf(db, source)).get("/large.pdf")?.chunk_count).toBe(0);
    other.leave();
    expect(await endOfRun(db, runId)).toMatchObject({ status: "completed", found: 3, published: 3 });
  });
});

describe("a document", () => {
  test("that has not changed costs a conditional request; one that has is read anew; one that is gone leaves the knowledge", async () => {
    await start();
    site.pages = {
      "/": tinyPage("Home", ["/same.pdf", "/new.pdf", "/gone.pdf", "/unlinked.pdf"]),
      "/same.pdf": sent(PDF, terms(1)),
      "/new.pdf": sent(PDF, terms(2)),
      "/gone.pdf": sent(PDF, terms(3)),
      "/unlinked.pdf": sent(PDF, terms(4)),
    };
    const source = await addTestSource(db, `${site.url}/`);
    expect(await crawl(source)).toMatchObject({ published: 5 });
    site.requests.length = 0;
    site.pages["/"] = tinyPage("Home, changed", ["/same.pdf", "/new.pdf", "/gone.pdf"]);
    site.pages["/new.pdf"] = sent(PDF, terms(45));
    delete site.pages["/gone.pdf"];
    expect(await crawl(source)).toMatchObject({ found: 4, published: 2, unchanged: 1, failed: 1 });
    expect(asked("/same.pdf")).toMatchObject([{ conditional: true }]);
    expect((await pagesOf(db, source)).get("/same.pdf")).toMatchObject({ status: "published", http_status: 304 });
    expect((await passagesOf(source, "/new.pdf"))[0]?.content).toMatch(/45 days/);
    expect(await statuses(source)).toMatchObject({ "/gone.pdf": "failed http_404", "/unlinked.pdf": "gone gone" });
    expect([...(await passagesOf(source, "/gone.pdf")), ...(await passagesOf(source, "/unlinked.pdf"))]).toEqual([]);
  });

  test("whose new state cannot be read keeps the one before", async () => {
    await start();
    site.pages = { "/": tinyPage("Home", ["/terms.pdf"]), "/terms.pdf": sent(PDF, terms()) };
    const source = await addTestSource(db, `${site.url}/`);
    await crawl(source);
    const before = await knowledgeOf(db, source);
    site.pages["/terms.pdf"] = sent(PDF, "%PDF-1.7\nbroken by an upload that was cut off");
    expect(await crawl(source)).toMatchObject({ status: "completed", failed: 1 });
    expect(await statuses(source)).toMatchObject({ "/terms.pdf": "failed broken" });
    expect(await knowledgeOf(db, source)).toEqual(before);
  });

  test("that is named by a sitemap or by itself is a source's page too", async () => {
    await start();
    site.pages = {
      "/pages.xml": sent("application/xml", `<urlset><url><loc>${site.url}/care.docx</loc></url></urlset>`),
      "/care.docx": sent(`${OFFICE}.wordprocessingml.document`, docxOf([{ text: "Oil the frame once a year." }])),
      "/terms.pdf": sent(PDF, terms()),
    };
    const named = await addTestSource(db, `${site.url}/pages.xml`, { kind: "sitemap" });
    expect(await crawl(named)).toMatchObject({ status: "completed", published: 1 });
    const single = await addTestSource(db, "", { kind: "urls", urls: [`${site.url}/terms.pdf`] });
    expect(await crawl(single)).toMatchObject({ status: "completed", published: 1 });
  });
});

describe("a source that does not want documents", () => {
  const wants = (source: TestSource, wanted: boolean) =>
    db.owner.query("update sources set read_documents = $2 where id = $1", [source.sourceId, wanted]);
  const pages = (): TinySite["pages"] => ({
    "/": tinyPage("Home", ["/terms.pdf", "/care.docx"]),
    "/terms.pdf": sent(PDF, terms()),
    "/care.docx": sent(`${OFFICE}.wordprocessingml.document`, docxOf([{ text: "Oil the frame once a year." }])),
  });

  test("leaves them out, and says of a PDF how it could be read", async () => {
    await start();
    site.pages = pages();
    const source = await addTestSource(db, `${site.url}/`);
    await wants(source, false);
    await crawl(source);
    expect(await statuses(source)).toEqual({ "/": "published", "/terms.pdf": "excluded unsupported_content" });
    expect(await reasonOf(source, "/terms.pdf")).toMatch(/Turn on “Read linked documents”/);
    expect(asked("/care.docx")).toEqual([]);
  });

  test("forgets them with the next crawl, and finds them again when it wants them, though its pages have not changed", async () => {
    await start();
    site.pages = pages();
    const source = await addTestSource(db, `${site.url}/`);
    expect(await crawl(source)).toMatchObject({ published: 3 });
    await wants(source, false);
    await crawl(source);
    expect(await statuses(source)).toEqual({
      "/": "published",
      "/terms.pdf": "excluded unsupported_content",
      "/care.docx": "excluded out_of_scope",
    });
    expect((await knowledgeOf(db, source)).map((line) => line.split(" ")[0])).toEqual(["/"]);
    // As if a crawl had never seen the address.
    await db.owner.query("delete from pages where source_id = $1 and url like '%.docx'", [source.sourceId]);
    await db.owner.query("update private.page_links set urls = array_remove(urls, $1)", [`${site.url}/care.docx`]);
    await wants(source, true);
    site.requests.length = 0;
    await crawl(source);
    expect(await statuses(source)).toEqual({ "/": "published", "/terms.pdf": "published", "/care.docx": "published" });
    expect(asked("/")).toMatchObject([{ conditional: true }]);
  });
});
