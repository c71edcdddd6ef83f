import { call, type Db } from "@/lib/db/pool";
import { passageUrl, placeOf, type RankedChunk } from "@/lib/knowledge";
import type { Passage } from "@/lib/llm";
import type { ChatDeps } from "../deps";
import type { Citation } from "../schema";
import { claimsOf, quoteFor } from "./quote";

type Cited = Pick<RankedChunk, "url" | "title" | "headingPath" | "anchor" | "content">;

const PLACE_WORDS = { page: "p.", slide: "slide" };

/** What a link may be made with: the app's origin, and the files that visitors may open. */
interface Reach {
  appOrigin: string;
  publicFiles: ReadonlySet<string>;
}

/** The citations of an answer, with what each of its passages says about it; stored with their chunks and pages, shown without. */
export async function citationsOf(
  { db, appOrigin }: Pick<ChatDeps, "db" | "appOrigin">,
  answer: {
    tenantId: string;
    /** The agent's, two letters. */
    language: string;
    question: string;
    text: string;
    /** Of the passages that it names, from 1. */
    numbers: number[];
    chunks: RankedChunk[];
  },
): Promise<(Citation & { chunkId: string; pageId: string })[]> {
  const { tenantId, language, question, text, numbers, chunks } = answer;
  const cited = numbers.map((number) => chunks[number - 1]!);
  const publicFiles = await publicFilesOf(db, tenantId, cited).catch(() => new Set<string>());
  const claims = claimsOf(text);
  return cited.map((chunk, index) => {
    const number = numbers[index]!;
    const quote = quoteFor(chunk.content, { claim: claims.get(number) ?? "", question, language });
    return {
      number,
      url: citationUrl(chunk, { appOrigin, publicFiles }, quote.markdown),
      title: chunk.title,
      heading: citationHeading(chunk),
      quote: quote.text,
      chunkId: chunk.chunkId,
      pageId: chunk.pageId,
    };
  });
}

/** A passage as the model is given it. */
export const passageOf = (chunk: RankedChunk, index: number): Passage => {
  const heading = passageHeading(chunk);
  return {
    number: index + 1,
    title: chunk.title,
    ...(heading ? { heading } : {}),
    url: /^https?:/.test(chunk.url) ? chunk.url : "",
    text: chunk.content,
  };
};

/**
 * Where a citation leads. A page of a website: to the passage, by its heading's anchor and a text fragment, whichever the browser
 * understands. A document of the web: to it, a PDF at its page. A file that its members made public: likewise. Other files, texts and answers
 * of members: nowhere.
 * @param quote Markdown of the passage that the link marks instead of its beginning
 */
export function citationUrl(chunk: Cited, { appOrigin, publicFiles }: Reach, quote?: string): string | null {
  if (/^https?:/.test(chunk.url)) return passageUrl(chunk.url, chunk, quote);
  const file = fileOf(chunk);
  if (!file || !publicFiles.has(file)) return null;
  return `${appOrigin}/api/files/${file}/${encodeURIComponent(chunk.title)}${chunk.anchor ? `#${chunk.anchor}` : ""}`;
}

/** The id of the file that a passage is from. */
const fileOf = ({ url }: Pick<Cited, "url">): string | undefined => /^file:([0-9a-f-]{36})$/.exec(url)?.[1];

/** Asked when an answer is done, because members change it at any time. */
async function publicFilesOf(db: Db, tenantId: string, chunks: Cited[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(chunks.flatMap((chunk) => fileOf(chunk) ?? []))];
  if (ids.length === 0) return new Set();
  return new Set(await call<string[]>(db, "public_files", { tenant_id: tenantId, file_ids: ids }));
}

/** The nearest heading, and for a document the page or slide: "Warranty · p. 12". */
export function citationHeading(chunk: Cited): string {
  return [chunk.headingPath.at(-1), placeWords(chunk)].filter(Boolean).join(" · ");
}

/** What the model is told of where a passage stands; titles and headings, outermost first. */
export const passageHeading = (chunk: Cited): string =>
  [...chunk.headingPath, placeWords(chunk)].filter(Boolean).join(" › ");

function placeWords(chunk: Cited): string {
  const place = placeOf(chunk);
  return place ? `${PLACE_WORDS[place.of]} ${place.number}` : "";
}
