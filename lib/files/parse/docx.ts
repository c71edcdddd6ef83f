import mammoth from "mammoth";
import { convertHtml } from "@/lib/crawl/convert-html";
import type { ParsedDocument } from "../document";
import { FileProblem } from "../problem";
import { MAX_TEXT_CHARS, tooMuchText } from "./limits";
import { coreProperties } from "./office";
import { XmlReader } from "./xml";
import type { Archive } from "./zip";

const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  "p[style-name='Code'] => pre:separator('\n')",
];

/**
 * A Word document by mammoth. Every part of XML is inflated and read here first, within bounds and without definitions of its own:
 * mammoth opens the archive with no bounds at all.
 */
export async function parseDocx(bytes: Buffer, archive: Archive): Promise<ParsedDocument> {
  for (const name of archive.names) {
    if (!/\.(xml|rels)$/i.test(name)) continue;
    const reader = new XmlReader({});
    await archive.inflate(name, (piece) => reader.write(piece));
    reader.end();
  }
  const { title, language } = await coreProperties(archive);
  const images = { left: 0 };
  const { value: html } = await mammoth
    .convertToHtml(
      { buffer: bytes },
      {
        styleMap: STYLES,
        externalFileAccess: false,
        convertImage: mammoth.images.imgElement(async () => {
          images.left++;
          return { src: "" };
        }),
      },
    )
    .catch((cause: unknown) => {
      if (cause instanceof FileProblem) throw cause;
      throw new FileProblem(
        "broken",
        "This Word document is damaged. Open it, save it again, and upload the new copy.",
      );
    });
  if (html.length > MAX_TEXT_CHARS * 3) throw tooMuchText();
  const { markdown } = convertHtml(html.replace(/[\uE000\uE001]/g, ""));
  if (markdown.length > MAX_TEXT_CHARS) throw tooMuchText();
  return {
    title,
    description: null,
    language,
    markdown,
    places: null,
    count: null,
    notes:
      images.left === 0
        ? []
        : [
            images.left === 1
              ? "One picture was left out; only text is read."
              : `${images.left} pictures were left out; only text is read.`,
          ],
  };
}
