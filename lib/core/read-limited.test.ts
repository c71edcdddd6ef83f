import { expect, test } from "vitest";
import { readRequestText, readText } from "./read-limited";

async function* pieces(...all: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of all) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece, "latin1");
  }
}

test("a character that arrives in two halves is one", async () => {
  expect(await readText(pieces("gr\xc3", "\xbc\xc3\x9fe"), 8)).toBe("grüße");
});

test("no body is no text", async () => {
  expect(await readText(pieces(), 8)).toBe("");
});

test("what is as large as the limit is read, a byte more is not, and nothing after it is asked for", async () => {
  expect(await readText(pieces("1234", "5678"), 8)).toBe("12345678");
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      given++;
      yield Buffer.alloc(3);
    }
  }
  await expect(readText(endless(), 8)).rejects.toMatchObject({ code: "content_too_large" });
  expect(given).toBe(3);
});

test("a body that breaks off is the reader's doing, no failure of ours", async () => {
  await expect(readText(pieces("{", new Error("aborted")), 8)).rejects.toMatchObject({ code: "aborted" });
});

test.each([{ "content-length": "8" }, {}] as Record<string, string>[])(
  "a web request is read up to the limit: %j",
  async (headers) => {
    const request = (body: BodyInit) => new Request("http://a.test", { method: "POST", body, headers });
    expect(await readRequestText(request("12345678"), 8)).toBe("12345678");
    expect(await readRequestText(new Request("http://a.test", { method: "POST", headers }), 8)).toBe("");
  },
);

test("a web request that announces more than the limit, or nothing and has more, is refused", async () => {
  for (const headers of [{ "content-length": "9" }, {}] as Record<string, string>[])
    await expect(
      readRequestText(new Request("http://a.test", { method: "POST", body: "123456789", headers }), 8),
    ).rejects.toMatchObject({ code: "content_too_large" });
});
