import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { lowerGlibc, NewerSymbolError } from "./elf";

type Needed = { symbol: string; version?: string };

/** The smallest library that says what it needs: a header, strings, symbols, their versions, and the versions needed. */
function library(needed: Needed[]): Buffer {
  const versions = [...new Set(needed.flatMap(({ version }) => version ?? []))];
  let strings = "\0libc.so.6\0";
  const at = (text: string) => {
    const found = strings.indexOf(`\0${text}\0`);
    if (found >= 0) return found + 1;
    strings += `${text}\0`;
    return strings.length - text.length - 1;
  };
  const symbols = Buffer.alloc(24 * needed.length);
  const versym = Buffer.alloc(2 * needed.length);
  needed.forEach(({ symbol, version }, i) => {
    symbols.writeUInt32LE(at(symbol), i * 24);
    versym.writeUInt16LE(version ? versions.indexOf(version) + 2 : 0, i * 2);
  });
  const verneed = Buffer.alloc(16 + 16 * versions.length);
  verneed.writeUInt16LE(1, 0);
  verneed.writeUInt16LE(versions.length, 2);
  verneed.writeUInt32LE(at("libc.so.6"), 4);
  verneed.writeUInt32LE(16, 8);
  versions.forEach((version, i) => {
    const entry = 16 + 16 * i;
    verneed.writeUInt16LE(i + 2, entry + 6);
    verneed.writeUInt32LE(at(version), entry + 8);
    verneed.writeUInt32LE(i === versions.length - 1 ? 0 : 16, entry + 12);
  });
  const parts = [Buffer.from(strings, "latin1"), symbols, versym, verneed];
  const types = [3, 11, 0x6fffffff, 0x6ffffffe];
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46, 0);
  header.set([2, 1], 4);
  const sections = Buffer.alloc(64 * 5);
  let offset = 64;
  parts.forEach((part, i) => {
    const section = 64 * (i + 1);
    sections.writeUInt32LE(types[i] ?? 0, section + 4);
    sections.writeBigUInt64LE(BigInt(offset), section + 24);
    sections.writeBigUInt64LE(BigInt(part.length), section + 32);
    sections.writeUInt32LE(1, section + 40);
    sections.writeUInt32LE(i === 3 ? 1 : 0, section + 44);
    offset += part.length;
  });
  header.writeBigUInt64LE(BigInt(offset), 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(5, 0x3c);
  return Buffer.concat([header, ...parts, sections]);
}

const STRTOL = { symbol: "__isoc23_strtol", version: "GLIBC_2.38" };
const MEMCPY = { symbol: "memcpy", version: "GLIBC_2.2.5" };

test("the C23 spelling of strtol is taken back on an older glibc, and other symbols are left alone", () => {
  const { library: patched, patched: names } = lowerGlibc(library([MEMCPY, STRTOL, { symbol: "palloc" }]), 36);
  expect(names).toEqual(["__isoc23_strtol@GLIBC_2.38"]);
  expect(lowerGlibc(patched, 36)).toEqual({ library: patched, patched: [] });
});

test("nothing is changed where glibc is new enough", () => {
  const original = library([MEMCPY, STRTOL]);
  expect(lowerGlibc(original, 38)).toEqual({ library: original, patched: [] });
});

test("the given bytes stay as they are", () => {
  const original = library([MEMCPY, STRTOL]);
  const copy = Buffer.from(original);
  lowerGlibc(original, 36);
  expect(original.equals(copy)).toBe(true);
});

test("any other newer symbol is an error that names it", () => {
  const needsMore = library([MEMCPY, STRTOL, { symbol: "arc4random", version: "GLIBC_2.37" }]);
  expect(() => lowerGlibc(needsMore, 36)).toThrow(new NewerSymbolError("arc4random@GLIBC_2.37"));
});

test("a file that is no library is refused", () => {
  for (const bytes of ["", "#!/bin/sh", "\x7fELF"]) expect(() => lowerGlibc(Buffer.from(bytes), 36)).toThrow(TypeError);
  const is32Bit = library([MEMCPY]);
  is32Bit[4] = 1;
  expect(() => lowerGlibc(is32Bit, 36)).toThrow(TypeError);
});

const compiler = ["/usr/bin/gcc", "/usr/bin/cc"].find((path) => existsSync(path));
// Says so in the report when there is no compiler: the crafted files above cover the rules, this one the loader.
describe.skipIf(!compiler || process.platform !== "linux")("a real library (needs a C compiler)", () => {
  let dir: string;
  afterEach(() => rm(dir, { recursive: true, force: true }));

  test("goes through unchanged when it needs nothing new", async () => {
    dir = await mkdtemp(join(tmpdir(), "alonchat-elf-"));
    await writeFile(
      join(dir, "a.c"),
      "#include <stdlib.h>\nint parse(const char *s) { return (int)strtol(s, 0, 10); }\n",
    );
    execFileSync(compiler!, ["-shared", "-fPIC", "-o", join(dir, "a.so"), join(dir, "a.c")]);
    const original = await readFile(join(dir, "a.so"));
    const glibc = Number(/ 2\.(\d+)/.exec(execFileSync("getconf", ["GNU_LIBC_VERSION"], { encoding: "utf8" }))?.[1]);
    expect(lowerGlibc(original, glibc).library.equals(original)).toBe(true);
  });
});
