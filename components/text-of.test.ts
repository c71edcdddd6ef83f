import { expect, test } from "vitest";
import { textOf } from "./text-of";

const WORDS = "question;facts\r\nWas kostet die Größe M?;fünf";
const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};

test("a file in UTF-8, with a mark or without, and one in UTF-16 are read letter by letter", () => {
  for (const bytes of [Buffer.from(WORDS), Buffer.from(`\uFEFF${WORDS}`), utf16(WORDS), utf16(WORDS, true)])
    expect(textOf(bytes)).toBe(WORDS);
  expect(textOf(new Uint8Array())).toBe("");
});

test("what is in another encoding, or no text at all, is not guessed at", () => {
  expect(textOf(Buffer.from(WORDS, "latin1"))).toBeNull();
  expect(textOf(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 1]))).toBeNull();
  expect(textOf(Buffer.from(WORDS, "utf16le"))).toBeNull();
});
