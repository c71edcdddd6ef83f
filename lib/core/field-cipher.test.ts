import { describe, expect, test } from "vitest";
import { AppError } from "./errors";
import { areFieldKeys, createFieldCipher, newFieldKey } from "./field-cipher";

const OLD = newFieldKey("2026-01");
const NEW = newFieldKey("2026-02");
const CONTEXT = "tenant:leads:row";

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return "no error";
};

test.each(["ada@example.com", "", "שלום · 日本語 · 👋🏽", "x".repeat(100_000)])(
  "a sealed text opens to what it was (%#)",
  (text) => {
    const cipher = createFieldCipher(OLD);
    expect(cipher.open(cipher.seal(text, CONTEXT), CONTEXT)).toBe(text);
  },
);

test("the same text is sealed differently each time, and is not to be seen in it", () => {
  const cipher = createFieldCipher(OLD);
  const [a, b] = [cipher.seal("ada@example.com", CONTEXT), cipher.seal("ada@example.com", CONTEXT)];
  expect(a).not.toBe(b);
  expect(a).not.toContain("ada");
  expect(Buffer.from(a.split(".")[3]!, "base64url").toString("latin1")).not.toContain("ada");
});

describe("opens nowhere else", () => {
  const cipher = createFieldCipher(OLD);
  const sealed = cipher.seal("ada@example.com", CONTEXT);

  test.each(["other:leads:row", "tenant:leads:other", "tenant:secrets:row", ""])("not in the row %s", (context) => {
    expect(codeOf(() => cipher.open(sealed, context))).toBe("internal");
  });

  test("with any character changed", () => {
    const parts = sealed.split(".");
    for (const at of [2, 3])
      for (let i = 0; i < parts[at]!.length; i++) {
        const bytes = Buffer.from(parts[at]!, "base64url");
        bytes[i % bytes.length]! ^= 1 << (i % 8);
        const changed = parts.with(at, bytes.toString("base64url")).join(".");
        expect(
          codeOf(() => cipher.open(changed, CONTEXT)),
          `${at}:${i}`,
        ).toBe("internal");
      }
  });

  test.each([
    "",
    "v1",
    "v1.2026-01",
    "v1.2026-01.AAAA.AAAA",
    "v2.2026-01.AAAA.AAAA",
    `${sealed}.x`,
    sealed.slice(0, -4),
  ])("as something cut or made up: %s", (text) => {
    expect(codeOf(() => cipher.open(text, CONTEXT))).toBe("internal");
  });

  test("with another key under the same name", () => {
    expect(codeOf(() => createFieldCipher(newFieldKey("2026-01")).open(sealed, CONTEXT))).toBe("internal");
  });

  test("under the name of a second key that is known, too", () => {
    const both = createFieldCipher(`${NEW},${OLD}`);
    expect(codeOf(() => both.open(sealed.replace("2026-01", "2026-02"), CONTEXT))).toBe("internal");
  });
});

describe("a key is rotated", () => {
  const sealed = createFieldCipher(OLD).seal("ada@example.com", CONTEXT);

  test("by putting the new one in front: the old opens, the new seals", () => {
    const both = createFieldCipher(`${NEW},${OLD}`);
    expect(both.isCurrent(sealed)).toBe(false);
    const again = both.seal(both.open(sealed, CONTEXT), CONTEXT);
    expect(both.isCurrent(again)).toBe(true);
    expect(createFieldCipher(NEW).open(again, CONTEXT)).toBe("ada@example.com");
  });

  test("and one that was taken away too early is asked for by name, without the value", () => {
    expect(codeOf(() => createFieldCipher(NEW).open(sealed, CONTEXT))).toBe("config_invalid");
    expect(() => createFieldCipher(NEW).open(sealed, CONTEXT)).toThrow("the key 2026-01");
  });
});

test.each([
  [newFieldKey("a"), true],
  [`${newFieldKey("a")}, ${newFieldKey("b")}`, true],
  [`${newFieldKey("a")},${newFieldKey("a")}`, false],
  ["", false],
  ["a:c2hvcnQ=", false],
  [newFieldKey("A b"), false],
  [newFieldKey("a").slice(2), false],
])("keys %# are taken: %s", (list, valid) => {
  expect(areFieldKeys(list)).toBe(valid);
  if (!valid) expect(codeOf(() => createFieldCipher(list))).toBe("config_invalid");
});
