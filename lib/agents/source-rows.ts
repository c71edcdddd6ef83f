import { RefreshSchedule, SourceKind } from "@/lib/crawl/schema";
import type { Database } from "@/lib/db/types.gen";
import { CrawlRun, type Page, type Source } from "./schema";

export const SOURCE_COLUMNS =
  "id, agent_id, kind, name, url, status, max_pages, max_depth, refresh_schedule, next_run_at, include_patterns, exclude_patterns, read_documents, error_code, error_message, created_at, last_run_id, pages(count)";
/** With `SOURCE_COLUMNS`: only pages that visitors are answered from are counted. */
export const LIVE_PAGES = "pages.live_version_id";
export const RUN_COLUMNS =
  "id, source_id, status, waiting, found, fetched, published, unchanged, failed, excluded, chunks, limit_reached, error_code, error_message, started_at, finished_at";
export const PAGE_COLUMNS =
  "id, url, title, status, reason_code, reason, http_status, rendered, depth, word_count, chunk_count, fetched_at";

type Tables = Database["public"]["Tables"];
type SourceRow = Pick<
  Tables["sources"]["Row"],
  | "id"
  | "agent_id"
  | "name"
  | "kind"
  | "url"
  | "status"
  | "max_pages"
  | "max_depth"
  | "refresh_schedule"
  | "next_run_at"
  | "include_patterns"
  | "exclude_patterns"
  | "read_documents"
  | "error_code"
  | "error_message"
  | "created_at"
  | "last_run_id"
> & { pages: { count: number }[] };
type PageRow = Pick<
  Tables["pages"]["Row"],
  | "id"
  | "url"
  | "title"
  | "status"
  | "reason_code"
  | "reason"
  | "http_status"
  | "rendered"
  | "depth"
  | "word_count"
  | "chunk_count"
  | "fetched_at"
>;

export const sourceFromRow = (row: SourceRow, run: unknown): Source => ({
  id: row.id,
  agentId: row.agent_id,
  name: row.name,
  kind: SourceKind.parse(row.kind),
  url: row.url,
  status: row.status,
  maxPages: row.max_pages,
  maxDepth: row.max_depth,
  refreshSchedule: RefreshSchedule.parse(row.refresh_schedule),
  nextRunAt: row.next_run_at,
  includePatterns: row.include_patterns,
  excludePatterns: row.exclude_patterns,
  readDocuments: row.read_documents,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  createdAt: row.created_at,
  livePages: row.pages[0]?.count ?? 0,
  run: run ? CrawlRun.parse(run) : null,
});

export const pageFromRow = (row: PageRow): Page => ({
  id: row.id,
  url: row.url,
  title: row.title,
  status: row.status,
  reasonCode: row.reason_code,
  reason: row.reason,
  httpStatus: row.http_status,
  rendered: row.rendered,
  depth: row.depth,
  wordCount: row.word_count,
  chunkCount: row.chunk_count,
  fetchedAt: row.fetched_at,
});
