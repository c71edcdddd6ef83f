import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Asker, openTurn } from "@/lib/chat";
import type { Citation } from "@/lib/chat/schema";
import { parseEnv } from "@/lib/core/env";
import { newId, sha256 } from "@/lib/core/ids";
import { embedPage } from "@/lib/crawl";
import { call } from "@/lib/db/pool";
import { createPlatform, type Platform } from "@/lib/platform";
import { parseHere, workerEnv } from "@/lib/testing/crawl-worker";
import { docxOf } from "@/lib/testing/office-files";
import { pdfLines, pdfOf } from "@/lib/testing/pdf-files";
import { signUp, type TestUser, testStack } from "@/lib/testing/stack";
import {
  addPairs,
  addText,
  confirmUpload,
  deleteFile,
  deletePair,
  type FilesDeps,
  getText,
  listFiles,
  listPairs,
  openPublicFile,
  readPairs,
  requestUploads,
  savePairs,
  setFilePublic,
  sweepFiles,
  updatePair,
  updateText,
} from "./index";
import { ingestDocument } from "./ingest-document";

let owner: pg.Pool;
let platform: Platform;
let deps: FilesDeps;
let a: Member;
let b: Member;

interface Member {
  user: TestUser;
  tenantId: string;
  agentId: string;
}

const signal = new AbortController().signal;

beforeAll(async () => {
  const stack = testStack();
  owner = new pg.Pool({ connectionString: stack.adminDatabaseUrl, max: 2 });
  platform = createPlatform(
    parseEnv(
      workerEnv(stack.databaseUrl, {
        SUPABASE_URL: stack.apiUrl,
        SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
        SUPABASE_SECRET_KEY: stack.secretKey,
      }),
    ),
  );
  deps = await platform.files();
  [a, b] = [await member("Files A"), await member("Files B")];
});
afterAll(async () => {
  await platform.close();
  await owner.end();
});

async function member(name: string): Promise<Member> {
  const user = await signUp(undefined, { workspace_name: name });
  const { tenant_id: tenantId } = (await owner.query("select tenant_id from members where user_id = $1", [user.userId]))
    .rows[0];
  const { id: agentId } = (
    await owner.query("insert into agents (tenant_id, name) values ($1, 'Agent') returning id", [tenantId])
  ).rows[0];
  return { user, tenantId, agentId };
}

const put = (url: string, bytes: Buffer | string) =>
  fetch(url, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(Buffer.from(bytes)),
  });

/** What the workers do with a document, until nothing is left to do. */
async function work(who: Member, ref: { runId: string; pageId: string }): Promise<void> {
  const { tenantId } = who;
  await ingestDocument(deps, { tenantId, ...ref }, signal, parseHere);
  const { rows } = await owner.query("select id from page_versions where page_id = $1 and status = 'draft'", [
    ref.pageId,
  ]);
  for (const { id } of rows) await embedPage(deps, { tenantId, versionId: id }, signal);
}

async function upload(who: Member, files: Record<string, Buffer | string>, sourceId?: string) {
  const { tenantId, agentId, user } = who;
  const asked = Object.entries(files).map(([name, bytes]) => ({ name, sizeBytes: Buffer.from(bytes).length }));
  const allowed = await requestUploads(deps, user.client, {
    tenantId,
    agentId,
    files: asked,
    ...(sourceId ? { sourceId } : {}),
  });
  const fileIds: Record<string, string> = {};
  for (const { name, url, fileId } of allowed.uploads) {
    expect((await put(url, files[name]!)).ok).toBe(true);
    await work(who, await confirmUpload(deps, user.client, { tenantId, fileId }));
    fileIds[name] = fileId;
  }
  return { sourceId: allowed.sourceId, fileIds, uploads: allowed.uploads };
}

const chunksOf = async (sourceId: string) =>
  (
    await owner.query(
      "select title, heading_path, anchor, content, kind from chunks where source_id = $1 and published order by page_id, position",
      [sourceId],
    )
  ).rows;
const sourceOf = async (sourceId: string) =>
  (await owner.query("select status, error_message from sources where id = $1", [sourceId])).rows[0];
const setRole = (who: Member, role: string) =>
  owner.query("update members set role = $1 where user_id = $2", [role, who.user.userId]);

const manual = pdfOf([
  pdfLines(["The lamp is covered for three years."]),
  pdfLines(["The pump is covered for two years."]),
]);

describe("files", () => {
  test("what is uploaded becomes passages that know their page; one that cannot be read says why, and the rest goes on", async () => {
    const { sourceId } = await upload(a, {
      "manual.pdf": manual,
      "locked.pdf": pdfOf([pdfLines(["x"])], { locked: true }),
      "returns.docx": docxOf([{ heading: "Returns" }, { text: "Send it back within 45 days." }]),
      "prices.csv": "Part,Price\nLamp,49.00\nPump,19.50\n",
    });
    expect(
      (await listFiles(a.user.client, { tenantId: a.tenantId, sourceId })).map(({ name, status, kind, placeCount }) => [
        name,
        status,
        kind,
        placeCount,
      ]),
    ).toEqual([
      ["locked.pdf", "failed", null, null],
      ["manual.pdf", "ready", "pdf", 2],
      ["prices.csv", "ready", "csv", null],
      ["returns.docx", "ready", "docx", null],
    ]);
    expect((await chunksOf(sourceId)).map(({ title, anchor }) => [title, anchor])).toEqual([
      ["manual.pdf", expect.stringMatching(/^page=[12]$/)],
      ["returns.docx", null],
      ["prices.csv", null],
    ]);
    expect(await sourceOf(sourceId)).toEqual({ status: "ready", error_message: null });
    const { rows } = await owner.query(
      "select found, published, unchanged, failed, excluded, status from crawl_runs where source_id = $1",
      [sourceId],
    );
    for (const run of rows) {
      expect(run.found).toBe(run.published + run.unchanged + run.failed + run.excluded);
      expect(["completed", "failed"]).toContain(run.status);
    }
  });

  test("a source of nothing but refused files has failed, with the reason", async () => {
    const { sourceId } = await upload(a, { "scan.pdf": pdfOf(["scanned"]) });
    expect(await sourceOf(sourceId)).toEqual({ status: "failed", error_message: expect.stringContaining("OCR") });
  });

  test("files that are added later leave those before them in place, and the same file twice is said so", async () => {
    const { sourceId } = await upload(a, { "a.txt": "The greenhouse opens at nine." });
    await upload(a, { "b.txt": "The greenhouse closes at six." }, sourceId);
    await upload(a, { "copy of a.txt": "The greenhouse opens at nine." }, sourceId);
    expect((await chunksOf(sourceId)).map(({ title }) => title)).toEqual(["a.txt", "b.txt"]);
    const listed = await listFiles(a.user.client, { tenantId: a.tenantId, sourceId });
    expect(listed.find(({ name }) => name.startsWith("copy"))).toMatchObject({
      name: "copy of a.txt",
      status: "left_out",
      reason: "Same text as a.txt",
    });
    expect((await sourceOf(sourceId)).status).toBe("ready");
  });

  test("a file that is read again unchanged embeds nothing", async () => {
    const { sourceId, fileIds } = await upload(a, { "again.txt": "Read me twice." });
    const before = (await owner.query("select id from chunks where source_id = $1", [sourceId])).rows;
    await work(a, await confirmUpload(deps, a.user.client, { tenantId: a.tenantId, fileId: fileIds["again.txt"]! }));
    expect((await owner.query("select id from chunks where source_id = $1", [sourceId])).rows).toEqual(before);
    expect(
      (await owner.query("select unchanged from crawl_runs where source_id = $1 order by id desc limit 1", [sourceId]))
        .rows,
    ).toEqual([{ unchanged: 1 }]);
  });

  test("more than was announced, nothing at all, too large, too many and empty are refused in words", async () => {
    const { tenantId, agentId, user } = a;
    const ask = (files: { name: string; sizeBytes: number }[], config: Partial<FilesDeps["config"]> = {}) =>
      requestUploads({ ...deps, config: { ...deps.config, ...config } }, user.client, { tenantId, agentId, files });
    await expect(ask([{ name: "a.pdf", sizeBytes: 51 * 1024 * 1024 }])).rejects.toMatchObject({
      code: "content_too_large",
    });
    await expect(ask([{ name: "a.pdf", sizeBytes: 0 }])).rejects.toThrow("empty");
    await expect(ask(Array.from({ length: 51 }, (_, i) => ({ name: `${i}.txt`, sizeBytes: 1 })))).rejects.toThrow(
      "At most 50",
    );
    await expect(
      ask(
        Array.from({ length: 2 }, (_, i) => ({ name: `${i}.txt`, sizeBytes: 1 })),
        { bulkUpload: false },
      ),
    ).rejects.toThrow("one at a time");
    const { uploads } = await ask([{ name: "short.txt", sizeBytes: 3 }]);
    await expect(confirmUpload(deps, user.client, { tenantId, fileId: uploads[0]!.fileId })).rejects.toThrow(
      "has not arrived",
    );
    await put(uploads[0]!.url, "much longer than three bytes");
    await expect(confirmUpload(deps, user.client, { tenantId, fileId: uploads[0]!.fileId })).rejects.toMatchObject({
      code: "content_too_large",
    });
  });

  test("a link takes one file, once", async () => {
    const { uploads } = await upload(a, { "once.txt": "The first text." });
    expect((await put(uploads[0]!.url, "Something else")).ok).toBe(false);
  });

  test("deleting a file removes its passages at once and its object with the next sweep", async () => {
    const { sourceId, fileIds } = await upload(a, { "gone.txt": "Soon to be gone." });
    const path = `${a.tenantId}/${sourceId}/${fileIds["gone.txt"]}`;
    expect((await a.user.client.storage.from("sources").download(path)).error).toBeNull();
    await deleteFile(a.user.client, { tenantId: a.tenantId, fileId: fileIds["gone.txt"]! });
    expect(await chunksOf(sourceId)).toEqual([]);
    await sweepFiles(deps);
    expect((await a.user.client.storage.from("sources").download(path)).error).not.toBeNull();
  });

  test("deleting a source removes the objects of all its files", async () => {
    const { sourceId, fileIds } = await upload(a, { "one.txt": "One text.", "two.txt": "Two texts." });
    expect((await a.user.client.from("sources").delete().eq("id", sourceId)).error).toBeNull();
    await sweepFiles(deps);
    for (const fileId of Object.values(fileIds))
      expect(
        (await a.user.client.storage.from("sources").download(`${a.tenantId}/${sourceId}/${fileId}`)).error,
      ).not.toBeNull();
  });

  test("an upload that nobody confirms is removed after a day, its object too", async () => {
    const { tenantId, agentId, user } = a;
    const { sourceId, uploads } = await requestUploads(deps, user.client, {
      tenantId,
      agentId,
      files: [{ name: "left.txt", sizeBytes: 4 }],
    });
    await put(uploads[0]!.url, "left");
    await sweepFiles(deps);
    expect(await listFiles(user.client, { tenantId, sourceId })).toHaveLength(1);
    await owner.query("update files set created_at = now() - interval '25 hours' where id = $1", [uploads[0]!.fileId]);
    await sweepFiles(deps);
    expect(await listFiles(user.client, { tenantId, sourceId })).toEqual([]);
    expect(
      (await user.client.storage.from("sources").download(`${tenantId}/${sourceId}/${uploads[0]!.fileId}`)).error,
    ).not.toBeNull();
  });

  test("a worker that comes back after the file was asked for again is refused", async () => {
    const { sourceId, fileIds } = await upload(a, { "raced.txt": "The first reading." });
    const fileId = fileIds["raced.txt"]!;
    const ref = await confirmUpload(deps, a.user.client, { tenantId: a.tenantId, fileId });
    await ingestDocument(deps, { tenantId: a.tenantId, ...ref }, signal, async (task) => {
      await confirmUpload(deps, a.user.client, { tenantId: a.tenantId, fileId });
      return parseHere(task);
    });
    expect((await owner.query("select status from pages where id = $1", [ref.pageId])).rows).toEqual([
      { status: "queued" },
    ]);
    await work(a, ref);
    expect((await chunksOf(sourceId)).map(({ content }) => content)).toEqual(["The first reading."]);
    const { rows } = await owner.query(
      "select found, published, unchanged, failed, excluded from crawl_runs where id = $1",
      [ref.runId],
    );
    expect(rows[0].found).toBe(rows[0].published + rows[0].unchanged + rows[0].failed + rows[0].excluded);
  });
});

test("while the virus scanner does not answer a file waits unread, however often it is tried; when it answers the file is read", async () => {
  const { tenantId, agentId, user } = a;
  const { uploads } = await requestUploads(deps, user.client, {
    tenantId,
    agentId,
    files: [{ name: "scanned.txt", sizeBytes: 10 }],
  });
  await put(uploads[0]!.url, "Clean text");
  const ref = await confirmUpload(deps, user.client, { tenantId, fileId: uploads[0]!.fileId });
  const guarded = { ...deps, config: { ...deps.config, scanner: { host: "127.0.0.1", port: 1 } } };
  const read = () =>
    ingestDocument(guarded, { tenantId, ...ref }, signal, () => Promise.reject(new Error("must not be read")));
  for (let tries = 0; tries < 10; tries++) expect(await read()).toMatchObject({ runAgainInMs: expect.any(Number) });
  expect((await owner.query("select status from pages where id = $1", [ref.pageId])).rows).toEqual([
    { status: "queued" },
  ]);
  await work(a, ref);
  expect((await owner.query("select status from pages where id = $1", [ref.pageId])).rows).toEqual([
    { status: "published" },
  ]);
});

describe("files of others", () => {
  test("cannot be asked for, confirmed, listed, shown or deleted, in any role", async () => {
    const { sourceId, fileIds } = await upload(a, { "private.txt": "Tenant A alone may know this." });
    const fileId = fileIds["private.txt"]!;
    const client = b.user.client;
    const theirs = { tenantId: a.tenantId, agentId: a.agentId, files: [{ name: "x.txt", sizeBytes: 1 }] };
    await expect(requestUploads(deps, client, theirs)).rejects.toMatchObject({ code: "forbidden" });
    await expect(requestUploads(deps, client, { ...theirs, sourceId })).rejects.toMatchObject({ code: "not_found" });
    await expect(
      requestUploads(deps, client, { ...theirs, tenantId: b.tenantId, agentId: b.agentId, sourceId }),
    ).rejects.toMatchObject({ code: "not_found" });
    for (const tenantId of [a.tenantId, b.tenantId]) {
      await expect(confirmUpload(deps, client, { tenantId, fileId })).rejects.toMatchObject({ code: "not_found" });
      await expect(setFilePublic(client, { tenantId, fileId, isPublic: true })).rejects.toMatchObject({
        code: "not_found",
      });
      await expect(deleteFile(client, { tenantId, fileId })).rejects.toMatchObject({ code: "not_found" });
      expect(await listFiles(client, { tenantId, sourceId })).toEqual([]);
    }
    const path = `${a.tenantId}/${sourceId}/${fileId}`;
    expect(
      (await client.storage.from("sources").createSignedUploadUrl(`${a.tenantId}/${sourceId}/intruder`)).error,
    ).not.toBeNull();
    expect((await client.storage.from("sources").createSignedUrl(path, 60)).error).not.toBeNull();
  });

  test("a job or a function with a wrong pairing finds nothing to do", async () => {
    const { sourceId, fileIds } = await upload(a, { "paired.txt": "Paired with its tenant." });
    const { rows } = await owner.query(
      "select run_id, page_id from files f join pages p on p.id = f.page_id where f.id = $1",
      [fileIds["paired.txt"]],
    );
    const wrong = { tenantId: b.tenantId, runId: rows[0].run_id, pageId: rows[0].page_id };
    expect(await ingestDocument(deps, wrong, signal, parseHere)).toBeUndefined();
    expect(
      await call(deps.db, "queue_document", {
        tenant_id: b.tenantId,
        source_id: sourceId,
        run_id: rows[0].run_id,
        file_id: fileIds["paired.txt"],
      }),
    ).toBeNull();
    await call(deps.db, "describe_file", {
      tenant_id: b.tenantId,
      file_id: fileIds["paired.txt"],
      kind: "pdf",
      place_count: 9,
      notes: ["not theirs"],
    });
    expect(await listFiles(a.user.client, { tenantId: a.tenantId, sourceId })).toMatchObject([
      { kind: "text", notes: [] },
    ]);
  });

  test("an operator of the same workspace may look, and change nothing", async () => {
    const { sourceId, fileIds } = await upload(b, { "shared.txt": "Operators may read this." });
    await setRole(b, "operator");
    try {
      const { tenantId, agentId, user } = b;
      const fileId = fileIds["shared.txt"]!;
      await expect(
        requestUploads(deps, user.client, { tenantId, agentId, files: [{ name: "x.txt", sizeBytes: 1 }] }),
      ).rejects.toMatchObject({ code: "forbidden" });
      await expect(confirmUpload(deps, user.client, { tenantId, fileId })).rejects.toMatchObject({ code: "forbidden" });
      await expect(deleteFile(user.client, { tenantId, fileId })).rejects.toMatchObject({ code: "not_found" });
      await expect(addText(deps, user.client, { tenantId, agentId, name: "x", text: "y" })).rejects.toMatchObject({
        code: "forbidden",
      });
      expect(await listFiles(user.client, { tenantId, sourceId })).toHaveLength(1);
    } finally {
      await setRole(b, "owner");
    }
  });
});

describe("public files", () => {
  test("open for visitors while they are public, and not otherwise", async () => {
    const { fileIds } = await upload(a, { "flyer.pdf": manual, "notes.txt": "Notes of the day." });
    const fileId = fileIds["flyer.pdf"]!;
    await expect(openPublicFile(deps, fileId)).rejects.toMatchObject({ code: "not_found" });
    await setFilePublic(a.user.client, { tenantId: a.tenantId, fileId, isPublic: true });
    const response = await fetch(await openPublicFile(deps, fileId));
    expect(Buffer.from(await response.arrayBuffer()).equals(manual)).toBe(true);
    await setFilePublic(a.user.client, { tenantId: a.tenantId, fileId: fileIds["notes.txt"]!, isPublic: true });
    expect(new URL(await openPublicFile(deps, fileIds["notes.txt"]!)).searchParams.get("download")).toBe("notes.txt");
    await setFilePublic(a.user.client, { tenantId: a.tenantId, fileId, isPublic: false });
    await expect(openPublicFile(deps, fileId)).rejects.toMatchObject({ code: "not_found" });
    for (const made of ["", "x", "../../etc", crypto.randomUUID()])
      await expect(openPublicFile(deps, made)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("citations", () => {
  /** What a visitor is told of the sources of an answer, the first time and when it is asked for again. */
  async function citationsOf(who: Member, question: string): Promise<Citation[][]> {
    const { public_id: publicId } = (await owner.query("select public_id from agents where id = $1", [who.agentId]))
      .rows[0];
    const asker: Asker = {
      publicId,
      channel: "playground",
      tenantId: who.tenantId,
      origin: null,
      visitorHash: sha256(newId()),
      addressHash: null,
    };
    const message = { conversationId: newId(), messageId: newId(), text: question };
    const told: Citation[][] = [];
    for (let i = 0; i < 2; i++) {
      let events = "";
      const turn = await openTurn(platform.chat, asker, message);
      await turn.stream((chunk) => {
        events += chunk;
      }, signal);
      told.push(JSON.parse(/event: citations\ndata: (.*)/.exec(events)![1]!).citations);
    }
    return told;
  }

  test("of a file name it and its page; a link is there only while it is public", async () => {
    const who = await member("Files C");
    const { fileIds } = await upload(who, { "Sill manual.pdf": manual });
    const question = "For how long is the pump covered?";
    const closed = { title: "Sill manual.pdf", heading: expect.stringMatching(/^p\. [12]$/), url: null };
    for (const citations of await citationsOf(who, question))
      expect(citations).toEqual([expect.objectContaining(closed)]);
    const fileId = fileIds["Sill manual.pdf"]!;
    await setFilePublic(who.user.client, { tenantId: who.tenantId, fileId, isPublic: true });
    const url = expect.stringMatching(
      new RegExp(`^${platform.chat.appOrigin}/api/files/${fileId}/Sill%20manual\\.pdf#page=[12]$`),
    );
    for (const citations of await citationsOf(who, question))
      expect(citations).toEqual([expect.objectContaining({ ...closed, url })]);
  });

  test("of questions that members answered lead nowhere", async () => {
    const who = await member("Files D");
    const { tenantId, agentId, user } = who;
    const pairs = [{ question: "Do you ship to Norway?", answer: "Yes, parcels to Norway take five days." }];
    const { sourceId, runId } = await addPairs(deps, user.client, { tenantId, agentId, name: "FAQ", pairs });
    await work(who, {
      runId,
      pageId: (await owner.query("select id from pages where source_id = $1", [sourceId])).rows[0].id,
    });
    for (const citations of await citationsOf(who, "Do you ship to Norway?"))
      expect(citations).toEqual([
        expect.objectContaining({ title: "FAQ", heading: "Do you ship to Norway?", url: null }),
      ]);
  });
});

test("pasted text becomes passages; after a change the old ones are gone and what stayed keeps its place", async () => {
  const { tenantId, agentId, user } = a;
  const { sourceId, runId } = await addText(deps, user.client, {
    tenantId,
    agentId,
    name: "Opening hours",
    text: "# Shop\n\nOpen from nine to six.\n\n# Café\n\nOpen until eight.",
  });
  const page = async () => (await owner.query("select id from pages where source_id = $1", [sourceId])).rows[0].id;
  await work(a, { runId, pageId: await page() });
  expect((await chunksOf(sourceId)).map(({ title, heading_path, content }) => [title, heading_path, content])).toEqual([
    ["Opening hours", ["Shop"], "Open from nine to six."],
    ["Opening hours", ["Café"], "Open until eight."],
  ]);
  const next = await updateText(deps, user.client, {
    tenantId,
    sourceId,
    name: "Hours",
    text: "# Shop\n\nOpen from nine to six.\n\n# Café\n\nClosed.",
  });
  await work(a, { runId: next.runId, pageId: await page() });
  expect((await chunksOf(sourceId)).map(({ title, content }) => [title, content])).toEqual([
    ["Hours", "Open from nine to six."],
    ["Hours", "Closed."],
  ]);
  expect(await getText(user.client, { tenantId, sourceId })).toContain("Closed.");
  expect(await getText(b.user.client, { tenantId, sourceId })).toBe("");
  await expect(updateText(deps, b.user.client, { tenantId, sourceId, name: "x", text: "y" })).rejects.toMatchObject({
    code: "not_found",
  });
});

describe("questions and answers", () => {
  test("each pair is one passage under its question; they can be imported again, changed and deleted", async () => {
    const { tenantId, agentId, user } = a;
    const pairs = readPairs(
      'question;answer\n"Do you ship to Norway?";"Yes, in five days."\nReturn policy;"Within 45 days.\n\n# Not a heading"\n',
    );
    const { sourceId, runId } = await addPairs(deps, user.client, { tenantId, agentId, name: "FAQ", pairs });
    const pageId = (await owner.query("select id from pages where source_id = $1", [sourceId])).rows[0].id;
    await work(a, { runId, pageId });
    const seen = async () =>
      (await chunksOf(sourceId)).map(({ heading_path, content, kind }) => [heading_path[0], content, kind]);
    expect(await seen()).toEqual([
      ["Do you ship to Norway?", "Yes, in five days.", "qa"],
      ["Return policy", expect.stringContaining("Within 45 days."), "qa"],
    ]);
    await savePairs(deps, user.client, {
      tenantId,
      sourceId,
      pairs: [
        { question: "Return policy", answer: "Within 60 days." },
        { question: "Gift cards?", answer: "Yes." },
      ],
    });
    const stored = await listPairs(user.client, { tenantId, sourceId });
    expect(stored.map(({ question, answer }) => [question, answer])).toEqual([
      ["Do you ship to Norway?", "Yes, in five days."],
      ["Return policy", "Within 60 days."],
      ["Gift cards?", "Yes."],
    ]);
    await updatePair(deps, user.client, {
      tenantId,
      pairId: stored[2]!.id,
      question: "Do you sell gift cards?",
      answer: "Yes, from 10 EUR.",
    });
    await expect(
      updatePair(deps, user.client, { tenantId, pairId: stored[2]!.id, question: "Return policy", answer: "x" }),
    ).rejects.toMatchObject({ code: "conflict" });
    const last = await deletePair(deps, user.client, { tenantId, pairId: stored[0]!.id });
    await work(a, { runId: last.runId, pageId });
    expect(await seen()).toEqual([
      ["Return policy", "Within 60 days.", "qa"],
      ["Do you sell gift cards?", "Yes, from 10 EUR.", "qa"],
    ]);
    const others = { tenantId, pairId: stored[1]!.id, question: "x", answer: "y" };
    await expect(updatePair(deps, b.user.client, others)).rejects.toMatchObject({ code: "not_found" });
    await expect(deletePair(deps, b.user.client, others)).rejects.toMatchObject({ code: "not_found" });
    await expect(savePairs(deps, b.user.client, { tenantId, sourceId, pairs })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  test("the last one that is deleted leaves the knowledge too, and the list is empty, not broken, until it gets another", async () => {
    const { tenantId, agentId, user } = a;
    const pairs = [{ question: "Do you deliver by boat?", answer: "Yes, on Sundays." }];
    const { sourceId, runId } = await addPairs(deps, user.client, { tenantId, agentId, name: "Boats", pairs });
    const pageId = (await owner.query("select id from pages where source_id = $1", [sourceId])).rows[0].id;
    await work(a, { runId, pageId });
    expect(await chunksOf(sourceId)).toHaveLength(1);
    const [pair] = await listPairs(user.client, { tenantId, sourceId });
    await work(a, { runId: (await deletePair(deps, user.client, { tenantId, pairId: pair!.id })).runId, pageId });
    expect(await chunksOf(sourceId)).toEqual([]);
    const source = async () =>
      (await owner.query("select status, error_message from sources where id = $1", [sourceId])).rows[0];
    expect(await source()).toEqual({ status: "ready", error_message: null });
    const again = await savePairs(deps, user.client, { tenantId, sourceId, pairs });
    await work(a, { runId: again.runId, pageId });
    expect(await chunksOf(sourceId)).toHaveLength(1);
    expect(await source()).toEqual({ status: "ready", error_message: null });
  });

  test("pairs are read from JSON, JSON lines and CSV without a head, and a wrong one is named", () => {
    const one = [{ question: "A?", answer: "B." }];
    expect(readPairs('[{"question":"A?","answer":"B.","id":7}]')).toEqual(one);
    expect(readPairs('{"Question":"A?","Answer":"B."}\n')).toEqual(one);
    expect(readPairs("A?,B.\n")).toEqual(one);
    expect(() => readPairs("question,answer\nA?,B.\nC?,\n")).toThrow("Question 2: Write the answer.");
    for (const bad of ["", "[", "[]", '{"a":1']) expect(() => readPairs(bad), bad).toThrow();
  });
});
