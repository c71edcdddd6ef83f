import { fileURLToPath } from "node:url";
import {
  getDocument,
  OPS,
  type PDFDocumentProxy,
  type PDFPageProxy,
  Util,
  VerbosityLevel,
} from "pdfjs-dist/legacy/build/pdf.mjs";
import type { ParsedDocument } from "../document";
import { FileProblem } from "../problem";
import { MAX_PAGES, TextBudget } from "./limits";
import { pageMarkdown, typeScale } from "./pdf-blocks";
import { type Glyphs, type Segment, toSegments } from "./pdf-lines";
import { ENCRYPTED } from "./zip";

const MIN_PAGE_CHARS = 8;
const IMAGES = new Set<number>([
  OPS.paintImageXObject,
  OPS.paintImageXObjectRepeat,
  OPS.paintInlineImageXObject,
  OPS.paintImageMaskXObject,
]);
const assets = (folder: string): string =>
  fileURLToPath(new URL(`../../${folder}/`, import.meta.resolve("pdfjs-dist/legacy/build/pdf.mjs")));

/** The text layer, page after page: columns in reading order, headings by their size, tables by how words line up. */
export async function parsePdf(bytes: Buffer): Promise<ParsedDocument> {
  const document = await open(bytes);
  try {
    if (document.numPages > MAX_PAGES)
      throw new FileProblem(
        "too_large",
        `This PDF has ${document.numPages.toLocaleString("en")} pages; at most ${MAX_PAGES.toLocaleString("en")} can be read. Split it and upload the parts.`,
      );
    const pages: Segment[][] = [];
    const scanned: number[] = [];
    const damaged: number[] = [];
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number).catch(() => undefined);
      const segments = page ? await segmentsOf(page).catch(() => undefined) : undefined;
      if (!page || !segments) damaged.push(number);
      else if (segments.reduce((sum, { text }) => sum + text.length, 0) < MIN_PAGE_CHARS && (await holdsImage(page)))
        scanned.push(number);
      pages.push(segments ?? []);
      page?.cleanup();
    }
    const total = document.numPages;
    if (
      scanned.length > 0 &&
      scanned.length + damaged.length + pages.filter((page) => page.length === 0).length >= total &&
      pages.every((page) => page.length === 0)
    )
      throw new FileProblem(
        "scanned",
        `${total === 1 ? "This PDF is a scanned picture" : `All ${total} pages of this PDF are scanned pictures`} without text. Run text recognition (OCR) on it and upload the result.`,
      );
    if (damaged.length === total) throw broken();
    return await compose(document, withoutRunningHeads(pages), scanned, damaged);
  } finally {
    await document.loadingTask.destroy();
  }
}

async function open(bytes: Buffer): Promise<PDFDocumentProxy> {
  try {
    return await getDocument({
      data: new Uint8Array(bytes),
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      stopAtErrors: false,
      verbosity: VerbosityLevel.ERRORS,
      cMapUrl: assets("cmaps"),
      cMapPacked: true,
      standardFontDataUrl: assets("standard_fonts"),
    } as Parameters<typeof getDocument>[0]).promise;
  } catch (error) {
    if (error instanceof Error && error.name === "PasswordException") throw new FileProblem("encrypted", ENCRYPTED);
    throw broken();
  }
}

const broken = (): FileProblem =>
  new FileProblem(
    "broken",
    "This PDF is damaged or was cut off on the way. Open it, save it again as PDF, and upload the new copy.",
  );

async function segmentsOf(page: PDFPageProxy): Promise<Segment[]> {
  const { items } = await page.getTextContent();
  const { transform } = page.getViewport({ scale: 1 });
  const glyphs: Glyphs[] = [];
  for (const item of items) {
    if (!("str" in item) || item.str.trim() === "") continue;
    const [a, b, c, d, x, y] = Util.transform(transform, item.transform) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    // Text that runs upwards is a stamp or the label of an axis.
    if (Math.abs(b) > Math.abs(a)) continue;
    // The two characters that mark pages later.
    const text = item.str.replace(/[\uE000\uE001]/g, "");
    glyphs.push({ text, left: x, width: item.width, y, size: Math.hypot(c, d), rightToLeft: item.dir === "rtl" });
  }
  return toSegments(glyphs);
}

async function holdsImage(page: PDFPageProxy): Promise<boolean> {
  const { fnArray } = await page.getOperatorList();
  return fnArray.some((operation) => IMAGES.has(operation));
}

async function compose(
  document: PDFDocumentProxy,
  pages: Segment[][],
  scanned: number[],
  damaged: number[],
): Promise<ParsedDocument> {
  const scale = typeScale(pages);
  const budget = new TextBudget();
  const parts = pages.map((segments, i) =>
    segments.length === 0 ? "" : budget.take(pageMarkdown(segments, i + 1, scale)),
  );
  const { title, subject, language } = await infoOf(document);
  return {
    title,
    description: subject,
    language,
    markdown: joinPages(parts.filter(Boolean)),
    places: "page",
    count: pages.length,
    notes: [
      ...(scanned.length > 0
        ? [
            `${listOfPages(scanned)} without text, so nothing of ${scanned.length === 1 ? "it" : "them"} could be read: scanned pictures. Run text recognition (OCR) on the file to have them read.`,
          ]
        : []),
      ...(damaged.length > 0 ? [`${listOfPages(damaged)} damaged and left out.`] : []),
    ],
  };
}

async function infoOf(
  document: PDFDocumentProxy,
): Promise<{ title: string; subject: string | null; language: string | null }> {
  const data = await document.getMetadata().catch(() => undefined);
  const info = (data?.info ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === "string" ? value.replace(/\s+/g, " ").trim().slice(0, 300) : "");
  const title = text(info.Title);
  // Programs put the name of the file they printed there.
  const isName =
    /\.(docx?|pdf|indd|pptx?|xlsx?|qxp|tex|dvi)$/i.test(title) ||
    /^(microsoft word|untitled|document\d*)\b/i.test(title);
  return {
    title: isName ? "" : title,
    subject: text(info.Subject) || null,
    language: /^[a-z]{2,3}\b/i.exec(text(info.Language))?.[0]?.toLowerCase() ?? null,
  };
}

/** A sentence that goes on over the page break is one paragraph. */
function joinPages(parts: string[]): string {
  let out = "";
  for (const part of parts) {
    const goesOn =
      /[\p{Ll},–-]$/u.test(out) && !/(^|\n)(#|-|\|)[^\n]*$/.test(out) && /^\uE000\d+\uE001\p{Ll}/u.test(part);
    out += out === "" ? part : goesOn ? ` ${part}` : `\n\n${part}`;
  }
  return out;
}

const EDGE_LINES = 2;
const MIN_REPEATS = 3;

/** Running heads and page numbers: lines at the edge of pages that are the same, but for numbers, on at least three and a third of all. */
function withoutRunningHeads(pages: Segment[][]): Segment[][] {
  const key = (segment: Segment) => `${Math.round(segment.y / 4)} ${segment.text.replace(/\d+|\b[ivxl]+\b/gi, "#")}`;
  const edges = pages.map((page) => {
    const heights = [...new Set(page.map((segment) => Math.round(segment.y)))].sort((a, b) => a - b);
    const edge = new Set([...heights.slice(0, EDGE_LINES), ...heights.slice(-EDGE_LINES)]);
    return page.filter((segment) => edge.has(Math.round(segment.y)));
  });
  const counts = new Map<string, number>();
  for (const edge of edges) for (const name of new Set(edge.map(key))) counts.set(name, (counts.get(name) ?? 0) + 1);
  const isRunning = (name: string) => (counts.get(name) ?? 0) >= Math.max(MIN_REPEATS, pages.length / 3);
  return pages.map((page, i) => {
    const drop = new Set(edges[i]!.filter((segment) => isRunning(key(segment))));
    return drop.size === page.length && pages.length < MIN_REPEATS
      ? page
      : page.filter((segment) => !drop.has(segment));
  });
}

function listOfPages(numbers: number[]): string {
  const shown = numbers.slice(0, 20).join(", ") + (numbers.length > 20 ? ` and ${numbers.length - 20} more` : "");
  return numbers.length === 1 ? `Page ${shown} is` : `Pages ${shown} are`;
}
