import { z } from "zod";
import { call } from "@/lib/db/pool";
import { ingestDocumentJob } from "@/lib/files/jobs";
import { type CrawlDeps, crashPoint, crawlerName, type FetchConfig } from "./deps";
import type { Ending, PageResponse } from "./fetch-page";
import { isDocumentType, type LinkedDocument, linkedDocument } from "./linked-document";
import { robotsDirectives } from "./robots-directives";

const HandedOver = z.object({ handedOver: z.boolean(), nudge: z.number(), place: z.number() });

/** The document that a site sent, or why it is left out; null for a page. */
export function documentOf(
  config: FetchConfig,
  response: PageResponse,
  url: string,
): { document: LinkedDocument } | { ending: Ending } | null {
  const { headers, status } = response;
  const document = linkedDocument(response, url);
  if (!document) return isDocumentType(headers["content-type"]) ? { ending: leftOut(status, NO_DOCUMENT) } : null;
  const { noindex } = robotsDirectives(headers["x-robots-tag"], crawlerName(config).toLowerCase(), []);
  return noindex ? { ending: leftOut(status, NOINDEX) } : { document };
}

const NO_DOCUMENT = {
  code: "unsupported_content",
  reason:
    "The site announces a document here, but sends something else. Open the link in a browser, and mend it on the site.",
};
const NOINDEX = { code: "noindex", reason: "The site asks not to index this document." };

const leftOut = (httpStatus: number, why: { code: string; reason: string }): Ending => ({
  status: "excluded",
  ...why,
  httpStatus,
  links: [],
});

/** Leaves a document to the job that reads files, so that no page waits for a parser. Its bytes are in the database until then. */
export async function handOver(
  deps: CrawlDeps,
  ref: { tenantId: string; runId: string; pageId: string },
  lease: string,
  { status, headers, body }: PageResponse,
  { name, parseAs }: LinkedDocument,
): Promise<undefined> {
  const { handedOver, nudge, place } = HandedOver.parse(
    await call(deps.db, "hand_over_document", {
      tenant_id: ref.tenantId,
      run_id: ref.runId,
      page_id: ref.pageId,
      lease,
      name,
      parse_as: parseAs,
      body,
      http_status: status,
      etag: headers.etag ?? null,
      last_modified: headers["last-modified"] ?? null,
    }),
  );
  crashPoint(deps, "hand-over");
  if (handedOver) await deps.queues.add(ingestDocumentJob, ref, { nudge, place });
}
