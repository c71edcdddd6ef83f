/** Section types of the ELF format that say which symbols a library takes from which version of which other library. */
const SHT_DYNSYM = 11;
const SHT_GNU_VERNEED = 0x6ffffffe;
const SHT_GNU_VERSYM = 0x6fffffff;
const VER_FLG_WEAK = 2;
const C23_PREFIX = "__isoc23_";

type Section = { type: number; offset: number; size: number; link: number; info: number };

/** Thrown when a library needs something of a newer glibc that has no equivalent in the older one. */
export class NewerSymbolError extends Error {
  override readonly name = "NewerSymbolError";
}

/**
 * Makes a 64-bit little-endian ELF library load on a glibc older than the one it was built with.
 *
 * Compiled against glibc 2.38, `strtol` becomes `__isoc23_strtol@GLIBC_2.38`, which differs only in reading "0b…"
 * literals. The plain name is a suffix of the new one in the string table, so the symbol is re-pointed by moving its name
 * offset, given the oldest glibc version that the library names, and the newer version requirement is marked weak.
 * @param glibcMinor the machine's glibc, 36 for 2.36
 * @returns a patched copy and the symbols changed; an empty list means that the library loads as it is
 * @throws NewerSymbolError when any other newer symbol is needed, TypeError when the file is not such a library
 */
export function lowerGlibc(library: Buffer, glibcMinor: number): { library: Buffer; patched: string[] } {
  if (library.length < 64 || library.readUInt32BE(0) !== 0x7f454c46 || library[4] !== 2 || library[5] !== 1)
    throw new TypeError("not a 64-bit little-endian ELF file");
  const b = Buffer.from(library);
  const sections = readSections(b);
  const symbols = sections.find((s) => s.type === SHT_DYNSYM);
  const versions = sections.find((s) => s.type === SHT_GNU_VERSYM);
  const needs = sections.find((s) => s.type === SHT_GNU_VERNEED);
  const strings = symbols && sections[symbols.link];
  if (!symbols || !strings || !versions || !needs) throw new TypeError("not a dynamic library with symbol versions");
  const name = (offset: number) => {
    const start = strings.offset + offset;
    return b.toString("latin1", start, b.indexOf(0, start));
  };

  const newer = new Map<number, string>();
  let oldest: { minor: number; index: number } | undefined;
  let need = needs.offset;
  for (let i = 0; i < needs.info; i++) {
    let entry = need + b.readUInt32LE(need + 8);
    for (let j = b.readUInt16LE(need + 2); j > 0; j--) {
      const version = name(b.readUInt32LE(entry + 8));
      const index = b.readUInt16LE(entry + 6);
      const minor = Number(/^GLIBC_2\.(\d+)/.exec(version)?.[1] ?? Number.NaN);
      if (minor > glibcMinor) {
        newer.set(index, version);
        b.writeUInt16LE(b.readUInt16LE(entry + 4) | VER_FLG_WEAK, entry + 4);
      } else if (!Number.isNaN(minor) && (!oldest || minor < oldest.minor)) oldest = { minor, index };
      entry += b.readUInt32LE(entry + 12);
    }
    need += b.readUInt32LE(need + 12);
  }

  const patched: string[] = [];
  for (let i = 0; i < symbols.size / 24; i++) {
    const versionAt = versions.offset + i * 2;
    const version = newer.get(b.readUInt16LE(versionAt) & 0x7fff);
    if (!version) continue;
    const symbolAt = symbols.offset + i * 24;
    const symbol = name(b.readUInt32LE(symbolAt));
    if (!/^__isoc23_strtou?ll?$/.test(symbol) || !oldest) throw new NewerSymbolError(`${symbol}@${version}`);
    b.writeUInt32LE(b.readUInt32LE(symbolAt) + C23_PREFIX.length, symbolAt);
    b.writeUInt16LE(oldest.index, versionAt);
    patched.push(`${symbol}@${version}`);
  }
  return { library: b, patched };
}

function readSections(b: Buffer): Section[] {
  const start = Number(b.readBigUInt64LE(0x28));
  const size = b.readUInt16LE(0x3a);
  return Array.from({ length: b.readUInt16LE(0x3c) }, (_, i) => {
    const at = start + i * size;
    return {
      type: b.readUInt32LE(at + 4),
      offset: Number(b.readBigUInt64LE(at + 24)),
      size: Number(b.readBigUInt64LE(at + 32)),
      link: b.readUInt32LE(at + 40),
      info: b.readUInt32LE(at + 44),
    };
  });
}
