import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const folders = "{app,bench,components,deploy,docs,e2e,lib,supabase,workers}";
const find = (...patterns: string[]): string[] => globSync(patterns, { cwd: root });
const texts = ["README.md", "AGENTS.md", "DECISIONS.md", ...find("docs/**/*.md", `${folders}/**/README.md`)];
const sources = find("*.ts", `${folders}/**/*.{ts,tsx,mjs,sql}`);
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;

/** The anchors that GitHub gives to the headings of a Markdown text. */
const anchors = (markdown: string): string[] =>
  [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe.each(texts)("%s", (file) => {
  const text = read(file);

  test("every relative link leads to a file, and its anchor to a heading", () => {
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path, anchor] = target.split("#") as [string, string?];
        const linked = path ? join(root, dirname(file), path) : join(root, file);
        if (!existsSync(linked)) return true;
        return anchor !== undefined && !anchors(readFileSync(linked, "utf8")).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test("every script that it names exists", () => {
    const named = [...text.matchAll(/npm run ([a-z][a-z0-9:]*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("every file that it names in code exists", () => {
    const named = [...text.matchAll(/`((?:app|bench|components|deploy|docs|e2e|lib|supabase|workers)\/[\w./[\]-]+)`/g)]
      .map(([, path]) => path!.replace(/\/$/, ""))
      .filter((path) => path !== "supabase/.temp");
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("every source file that it names by its last part exists somewhere", () => {
    const named = [...text.matchAll(/`([\w-][\w./-]*\.(?:ts|tsx|mjs|sql))`/g)].map(([, path]) => path!);
    expect(named.filter((path) => !sources.some((source) => `/${source}`.endsWith(`/${path}`)))).toEqual([]);
  });
});

test("the architecture lists every table of the public schema, and no other", () => {
  const migrations = find("supabase/migrations/*.sql").map(read).join("\n");
  const made = [...migrations.matchAll(/^create (?:unlogged )?table public\.(\w+)/gm)].map(([, name]) => name!);
  const list = /^Tables: .*$/m.exec(read("docs/architecture.md"))![0];
  const listed = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  expect(listed.toSorted()).toEqual(made.toSorted());
});

test("every function of the database that a text names is made by a migration", () => {
  const migrations = find("supabase/migrations/*.sql").map(read).join("\n");
  const named = texts.flatMap((file) =>
    [...read(file).matchAll(/`((?:service|private)\.\w+)/g)].map(([, name]) => name!),
  );
  const isMade = (name: string) =>
    new RegExp(`^create (?:unlogged )?(?:function|table) ${name}\\b`, "m").test(migrations);
  expect(named.filter((name) => !isMade(name))).toEqual([]);
});

test("the README's table holds every script", () => {
  const listed = [...read("README.md").matchAll(/^\| `npm (?:run )?([a-z0-9:]+)`\s*\|/gm)].map(([, name]) => name!);
  expect(listed.toSorted()).toEqual(Object.keys(scripts).toSorted());
});

test("the deploy guide explains the variables of .env.example", () => {
  const example = [...read(".env.example").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!);
  const explained = [...read("docs/deploy.md").matchAll(/^\| `([A-Z][A-Z0-9_]+)`\s*\|/gm)].map(([, name]) => name!);
  expect(explained.toSorted()).toEqual(example.toSorted());
});

test("AGENTS.md stays short enough to be read", () => {
  expect(read("AGENTS.md").split("\n").length).toBeLessThanOrEqual(120);
});
