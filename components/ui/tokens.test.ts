import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contrast } from "../color";

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);
const color = (name: string, scheme: "light" | "dark"): string => {
  const token = tokens.get(name);
  if (!token) throw new Error(`globals.css has no --${name}`);
  return token[scheme];
};

const SURFACES = ["canvas", "surface", "raised", "muted", "hover"];
const TEXT_PAIRS: [text: string, ground: string][] = [
  ...["ink", "ink-muted"].flatMap((text) => SURFACES.map((ground): [string, string] => [text, ground])),
  ...["canvas", "surface", "raised", "muted"].map((ground): [string, string] => ["ink-subtle", ground]),
  ...["accent-ink", "danger"].flatMap((text) =>
    ["canvas", "surface", "raised", "muted"].map((g): [string, string] => [text, g]),
  ),
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["accent-ink", "accent-soft"],
  ...["success", "warning", "danger", "info"].flatMap((status): [string, string][] => [
    [status, `${status}-soft`],
    [status, "surface"],
    ["ink-muted", `${status}-soft`],
  ]),
];

describe.each(["light", "dark"] as const)("%s", (scheme) => {
  test.each(TEXT_PAIRS)("text in %s can be read on %s (4.5 : 1)", (text, ground) => {
    expect(contrast(color(text, scheme), color(ground, scheme))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["danger-solid", "danger-solid-hover"])("white can be read on %s", (ground) => {
    expect(contrast("#ffffff", color(ground, scheme))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["accent", "accent-ink"])("%s can be made out as a shape (3 : 1)", (name) => {
    expect(contrast(color(name, scheme), color("surface", scheme))).toBeGreaterThanOrEqual(3);
  });
});
