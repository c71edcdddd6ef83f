import { crc32, deflateRawSync } from "node:zlib";

type Parts = Record<string, string | Buffer>;

/** A zip archive of these parts, as office programs write them. */
export function zipOf(parts: Parts): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  const known = new Map<string | Buffer, Buffer>();
  for (const [name, content] of Object.entries(parts)) {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const packed = known.get(content) ?? deflateRawSync(bytes);
    known.set(content, packed);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x0800, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), shared, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), shared, tail, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(bodies.length, 4);
  end.writeUInt16LE(bodies.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, index, Buffer.from("PK\x05\x06", "latin1"), end]);
}

const escapeXml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const relations = (entries: [id: string, type: string, target: string][]): string =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${entries
    .map(
      ([id, type, target]) =>
        `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`,
    )
    .join("")}</Relationships>`;
const contentTypes = (overrides: Record<string, string>): string =>
  `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${Object.entries(
    overrides,
  )
    .map(
      ([part, type]) =>
        `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`,
    )
    .join("")}</Types>`;

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const paragraph = (text: string, style?: string, numbered = false): string =>
  `<w:p><w:pPr>${style ? `<w:pStyle w:val="${style}"/>` : ""}${numbered ? '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' : ""}</w:pPr><w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`;

export type WordBlock =
  | { heading: string; level?: number }
  | { text: string }
  | { item: string }
  | { table: string[][] };

/** A Word document. `parts` replaces or adds parts of the archive. */
export function docxOf(blocks: WordBlock[], parts: Parts = {}): Buffer {
  const body = blocks
    .map((block) => {
      if ("heading" in block) return paragraph(block.heading, `Heading${block.level ?? 1}`);
      if ("item" in block) return paragraph(block.item, "ListParagraph", true);
      if ("text" in block) return paragraph(block.text);
      const rows = block.table.map(
        (row) => `<w:tr>${row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join("")}</w:tr>`,
      );
      return `<w:tbl>${rows.join("")}</w:tbl>`;
    })
    .join("");
  const styles = [1, 2, 3]
    .map(
      (level) => `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
    )
    .join("");
  return zipOf({
    "[Content_Types].xml": contentTypes({ "word/document.xml": "wordprocessingml.document.main" }),
    "_rels/.rels": relations([["rId1", "officeDocument", "word/document.xml"]]),
    "word/_rels/document.xml.rels": relations([
      ["rId1", "styles", "styles.xml"],
      ["rId2", "numbering", "numbering.xml"],
    ]),
    "word/styles.xml": `<w:styles ${W}>${styles}</w:styles>`,
    "word/numbering.xml": `<w:numbering ${W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
    "word/document.xml": `<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`,
    ...parts,
  });
}

const P =
  'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const shape = (type: string | undefined, lines: string[]): string =>
  `<p:sp><p:nvSpPr><p:nvPr>${type ? `<p:ph type="${type}"/>` : ""}</p:nvPr></p:nvSpPr><p:txBody>${lines
    .map((line) => `<a:p><a:r><a:t>${escapeXml(line)}</a:t></a:r></a:p>`)
    .join("")}</p:txBody></p:sp>`;

export interface Slide {
  title: string;
  lines?: string[];
  table?: string[][];
  notes?: string;
  hidden?: boolean;
}

/** A presentation whose files are numbered against their order, as they are after slides were moved. */
export function pptxOf(slides: Slide[]): Buffer {
  const parts: Parts = {};
  const fileOf = (i: number) => slides.length - i;
  for (const [i, slide] of slides.entries()) {
    const table = slide.table
      ? `<p:graphicFrame><a:graphic><a:graphicData><a:tbl>${slide.table.map((row) => `<a:tr>${row.map((cell) => `<a:tc><a:txBody><a:p><a:r><a:t>${escapeXml(cell)}</a:t></a:r></a:p></a:txBody></a:tc>`).join("")}</a:tr>`).join("")}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`
      : "";
    parts[`ppt/slides/slide${fileOf(i)}.xml`] =
      `<?xml version="1.0"?><p:sld ${P}${slide.hidden ? ' show="0"' : ""}><p:cSld><p:spTree>${shape("title", [slide.title])}${slide.lines ? shape(undefined, slide.lines) : ""}${table}${shape("sldNum", [String(i + 1)])}</p:spTree></p:cSld></p:sld>`;
    if (!slide.notes) continue;
    parts[`ppt/slides/_rels/slide${fileOf(i)}.xml.rels`] = relations([
      ["rId1", "notesSlide", `../notesSlides/notesSlide${fileOf(i)}.xml`],
    ]);
    parts[`ppt/notesSlides/notesSlide${fileOf(i)}.xml`] =
      `<p:notes ${P}><p:cSld><p:spTree>${shape("body", [slide.notes])}${shape("sldNum", ["9"])}</p:spTree></p:cSld></p:notes>`;
  }
  return zipOf({
    "[Content_Types].xml": contentTypes({ "ppt/presentation.xml": "presentationml.presentation.main" }),
    "ppt/presentation.xml": `<p:presentation ${P}><p:sldIdLst>${slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="rId${i + 1}"/>`).join("")}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relations(
      slides.map((_, i) => [`rId${i + 1}`, "slide", `slides/slide${fileOf(i)}.xml`]),
    ),
    ...parts,
  });
}

/** A cell: text through the shared strings, a number, or a date by its day number. */
export type Cell = string | number | { day: number } | null;

const columnName = (index: number): string =>
  (index < 26 ? "" : columnName(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));

export function xlsxOf(sheets: { name: string; rows: Cell[][]; hidden?: boolean }[]): Buffer {
  const strings: string[] = [];
  const cell = (value: Cell, column: number, row: number): string => {
    const reference = `${columnName(column)}${row + 1}`;
    if (value === null) return "";
    if (typeof value === "number") return `<c r="${reference}"><v>${value}</v></c>`;
    if (typeof value === "object") return `<c r="${reference}" s="1"><v>${value.day}</v></c>`;
    strings.push(value);
    return `<c r="${reference}" t="s"><v>${strings.length - 1}</v></c>`;
  };
  const parts: Parts = {};
  for (const [i, { rows }] of sheets.entries())
    parts[`xl/worksheets/sheet${i + 1}.xml`] =
      `<worksheet><sheetData>${rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, c, r)).join("")}</row>`).join("")}</sheetData></worksheet>`;
  return zipOf({
    "[Content_Types].xml": contentTypes({ "xl/workbook.xml": "spreadsheetml.sheet.main" }),
    "xl/workbook.xml": `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${sheets
      .map(
        ({ name, hidden }, i) =>
          `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"${hidden ? ' state="hidden"' : ""}/>`,
      )
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(
      sheets.map((_, i) => [`rId${i + 1}`, "worksheet", `worksheets/sheet${i + 1}.xml`]),
    ),
    "xl/styles.xml":
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-409]d\\ mmm\\ yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    "xl/sharedStrings.xml": `<sst>${strings.map((text) => `<si><t>${escapeXml(text)}</t></si>`).join("")}</sst>`,
    ...parts,
  });
}
