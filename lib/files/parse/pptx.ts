import { type ParsedDocument, placeMark } from "../document";
import { FileProblem } from "../problem";
import { MAX_PAGES, TextBudget } from "./limits";
import { coreProperties, relationsOf } from "./office";
import { rowsToMarkdown } from "./table";
import { firstNamed, nodesNamed, readXml, type XmlNode } from "./xml";
import type { Archive } from "./zip";

const MAIN = "ppt/presentation.xml";
/** Placeholders that say the same on every slide. */
const FURNITURE = new Set(["sldNum", "dt", "ftr", "hdr"]);

/** Slides in their order: title as heading, text as it stands, tables, and the speaker's notes. Hidden slides are left out. */
export async function parsePptx(archive: Archive): Promise<ParsedDocument> {
  const presentation = readXml((await archive.read(MAIN))!);
  const relations = await relationsOf(archive, MAIN);
  const parts = [...nodesNamed(firstNamed(presentation, "sldIdLst") ?? presentation, "sldId")]
    .map(({ attributes }) => relations.get(attributes["r:id"] ?? "")?.target)
    .filter((part): part is string => part !== undefined && archive.has(part));
  if (parts.length > MAX_PAGES)
    throw new FileProblem(
      "too_large",
      `This presentation has more than ${MAX_PAGES} slides. Split it and upload the parts.`,
    );
  const budget = new TextBudget();
  const sections: string[] = [];
  let hidden = 0;
  for (const [index, part] of parts.entries()) {
    const slide = readXml((await archive.read(part))!);
    if (firstNamed(slide, "sld")?.attributes.show === "0") {
      hidden++;
      continue;
    }
    const section = slideMarkdown(slide, index + 1, await notesOf(archive, part));
    if (section) sections.push(budget.take(section));
  }
  const { title, language } = await coreProperties(archive);
  return {
    title,
    description: null,
    language,
    markdown: sections.join("\n\n"),
    places: "slide",
    count: parts.length,
    notes:
      hidden === 0 ? [] : [hidden === 1 ? "One hidden slide was left out." : `${hidden} hidden slides were left out.`],
  };
}

function slideMarkdown(slide: XmlNode, number: number, notes: string): string {
  const mark = placeMark(number);
  let title = "";
  const parts: string[] = [];
  for (const shape of shapesOf(slide)) {
    if (shape.name === "tbl") {
      const rows = [...nodesNamed(shape, "tr")].map((row) =>
        [...nodesNamed(row, "tc")].map((cell) =>
          paragraphsOf(cell)
            .map(({ text }) => text)
            .join(" "),
        ),
      );
      parts.push(rowsToMarkdown(rows, { mark: () => mark }));
      continue;
    }
    const type = firstNamed(shape, "ph")?.attributes.type;
    if (type && FURNITURE.has(type)) continue;
    const paragraphs = paragraphsOf(shape);
    if ((type === "title" || type === "ctrTitle") && !title) title = paragraphs.map(({ text }) => text).join(" ");
    else parts.push(bodyMarkdown(paragraphs));
  }
  if (notes) parts.push(`Notes: ${notes}`);
  const body = parts.filter(Boolean);
  if (!title && body.length === 0) return "";
  if (body.length === 0) return `${mark}${title}`;
  return `## ${title || `Slide ${number}`}\n\n${body.map((part) => (part.startsWith("|") || part.includes("\uE000") ? part : mark + part)).join("\n\n")}`;
}

/** Text boxes and tables in document order, also of groups. */
function* shapesOf(node: XmlNode): Generator<XmlNode> {
  for (const child of node.children) {
    if (child.name === "sp" || child.name === "tbl") yield child;
    else if (child.name !== "Fallback") yield* shapesOf(child);
  }
}

interface Paragraph {
  text: string;
  level: number;
}

const paragraphsOf = (shape: XmlNode): Paragraph[] =>
  [...nodesNamed(shape, "p")]
    .map((paragraph) => ({
      text: runText(paragraph).replace(/\s+/g, " ").trim(),
      level: Number(firstNamed(paragraph, "pPr")?.attributes.lvl ?? 0) || 0,
    }))
    .filter(({ text }) => text !== "");

function runText(paragraph: XmlNode): string {
  return paragraph.children
    .map((run) =>
      run.name === "br" ? " " : run.name === "r" || run.name === "fld" ? (firstNamed(run, "t")?.text ?? "") : "",
    )
    .join("");
}

/** Several short paragraphs are the points of a list; long ones are prose. */
function bodyMarkdown(paragraphs: Paragraph[]): string {
  const isList = paragraphs.length > 1 && paragraphs.every(({ text }) => text.length < 300);
  if (!isList) return paragraphs.map(({ text }) => text).join("\n\n");
  return paragraphs.map(({ text, level }) => `${"  ".repeat(Math.min(level, 4))}- ${text}`).join("\n");
}

async function notesOf(archive: Archive, slidePart: string): Promise<string> {
  const relation = [...(await relationsOf(archive, slidePart)).values()].find(({ type }) => type === "notesSlide");
  const bytes = relation && (await archive.read(relation.target));
  if (!bytes) return "";
  return [...shapesOf(readXml(bytes))]
    .filter((shape) => firstNamed(shape, "ph")?.attributes.type === "body")
    .flatMap(paragraphsOf)
    .map(({ text }) => text)
    .join(" ");
}
