import type { ParsedDocument } from "../document";
import { FileProblem } from "../problem";
import { TextBudget } from "./limits";
import { rowsToMarkdown } from "./table";

const MAX_DEPTH = 12;
const MAX_COLUMNS_OF_RECORDS = 60;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON as text that can be searched: lists of like objects as tables, everything else as lines that name their path. */
export function parseJson(text: string): ParsedDocument {
  return documentOf(parsed(text));
}

/** One JSON value a line. @throws FileProblem that names the line that is none */
export function parseJsonLines(text: string): ParsedDocument {
  return documentOf(jsonLines(text));
}

export function jsonLines(text: string): Json[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line) as Json];
    } catch {
      throw new FileProblem(
        "broken",
        `Line ${index + 1} of this file is not valid JSON. Correct it and upload the file again.`,
      );
    }
  });
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new FileProblem("broken", "This file is not valid JSON. Correct it and upload it again.");
  }
}

function documentOf(value: Json): ParsedDocument {
  const writer = new JsonWriter();
  writer.value(value, []);
  return {
    title: "",
    description: null,
    language: null,
    markdown: writer.parts.join("\n\n"),
    places: null,
    count: null,
    notes: [],
  };
}

class JsonWriter {
  readonly parts: string[] = [];
  private readonly budget = new TextBudget();
  private lines: string[] = [];

  value(value: Json, path: string[]): void {
    const rows = recordsOf(value);
    if (rows) {
      this.heading(path);
      this.parts.push(rowsToMarkdown(rows, { budget: this.budget }));
    } else if (value === null || typeof value !== "object") {
      this.line(path, String(value ?? ""));
      this.flush([]);
    } else this.members(value, path);
  }

  private members(value: Json[] | { [key: string]: Json }, path: string[]): void {
    const entries: [string, Json][] = Array.isArray(value)
      ? value.map((item, i) => [String(i + 1), item])
      : Object.entries(value);
    const deep: [string, Json][] = [];
    for (const [key, member] of entries) {
      if (isScalar(member)) this.line([key], scalarText(member), Array.isArray(value));
      else if (Array.isArray(member) && member.every(isScalar)) this.line([key], member.map(scalarText).join(", "));
      else if (path.length >= MAX_DEPTH) this.line([key], JSON.stringify(member).slice(0, 2_000));
      else deep.push([key, member]);
    }
    this.flush(path);
    for (const [key, member] of deep) this.value(member, [...path, key]);
  }

  private line(path: string[], text: string, isItem = false): void {
    const shown = text.replace(/\s+/g, " ").trim();
    if (shown !== "") this.lines.push(this.budget.take(isItem ? `- ${shown}` : `- **${path.join(" › ")}**: ${shown}`));
  }

  private heading(path: string[]): void {
    if (path.length > 0)
      this.parts.push(this.budget.take(`${"#".repeat(Math.min(path.length + 1, 4))} ${path.join(" › ")}`));
  }

  private flush(path: string[]): void {
    if (this.lines.length === 0) return;
    this.heading(path);
    this.parts.push(this.lines.join("\n"));
    this.lines = [];
  }
}

/** A list of objects with plain values, as rows under the names of their members; undefined when it is something else. */
function recordsOf(value: Json): string[][] | undefined {
  if (!Array.isArray(value) || value.length < 2) return undefined;
  const names = new Set<string>();
  for (const item of value) {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return undefined;
    for (const [key, member] of Object.entries(item)) {
      if (!isScalar(member) && !(Array.isArray(member) && member.every(isScalar))) return undefined;
      names.add(key);
    }
    if (names.size > MAX_COLUMNS_OF_RECORDS) return undefined;
  }
  const columns = [...names];
  if (columns.length < 2) return undefined;
  return [
    columns,
    ...(value as { [key: string]: Json }[]).map((item) => columns.map((name) => scalarText(item[name] ?? null))),
  ];
}

const isScalar = (value: Json): boolean => value === null || typeof value !== "object";

const scalarText = (value: Json): string =>
  Array.isArray(value) ? value.map(scalarText).join(", ") : String(value ?? "");
