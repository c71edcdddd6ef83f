import { z } from "zod";

/** What a member types as a website: `example.com/help` counts as https. */
export const WebsiteAddress = z
  .string()
  .trim()
  .min(1, "Enter the address of your website.")
  .max(2_000, "This address is too long.")
  .transform((text) =>
    /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]+:\d+(\/|$)/.test(text) ? text : `https://${text}`,
  );

/** Addresses of one source of single pages. */
export const MAX_URLS = 1_000;

/** Single pages as they are typed: an address a line. */
export const PageAddresses = z
  .string()
  .transform((text) => [
    ...new Set(
      text
        .split(/\s+/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ])
  .pipe(z.array(WebsiteAddress).min(1, "Enter the address of a page.").max(MAX_URLS, "At most 1,000 pages at once."));

/** What a source is. The first three are crawled; what the others hold is written by who reads it. */
export const SourceKind = z.enum(["website", "sitemap", "urls", "file", "text", "qa"]);
export type SourceKind = z.infer<typeof SourceKind>;

/** Whether a source of this kind is read from the web, and so can be refreshed. */
export const isCrawled = (kind: SourceKind): boolean => kind === "website" || kind === "sitemap" || kind === "urls";

/** How often the sweep crawls a source again. */
export const RefreshSchedule = z.enum(["off", "daily", "weekly", "monthly"]);
export type RefreshSchedule = z.infer<typeof RefreshSchedule>;

const Patterns = z
  .array(z.string().trim().max(500, "A pattern has at most 500 characters."))
  .transform((patterns) => [...new Set(patterns.filter(Boolean))])
  .pipe(z.array(z.string()).max(50, "Keep at most 50 patterns."));

/** What a crawl is bound by; what is missing has a default. */
export const SourceLimits = z.object({
  maxPages: z.number().int().min(1, "At least 1 page.").max(100_000, "At most 100,000 pages.").optional(),
  /** Links from the start page; 20 unless given. */
  maxDepth: z.number().int().min(0).max(100).optional(),
  maxPageBytes: z.number().int().min(10_000).max(20_971_520).optional(),
  maxRunMinutes: z.number().int().min(1).max(20_160).optional(),
  /** As `matchesPattern` of url.ts has them. */
  include: Patterns.optional(),
  exclude: Patterns.optional(),
  schedule: RefreshSchedule.optional(),
  /** On unless given. */
  readDocuments: z.boolean().optional(),
});
export type SourceLimits = z.infer<typeof SourceLimits>;

/** Patterns of addresses: `*` is any run of characters; see `matchesPattern` in url.ts. */
export const SourcePatterns = z.object({ includePatterns: Patterns, excludePatterns: Patterns });

export const PageLimit = z.coerce
  .number("Write a number.")
  .int("Write a whole number.")
  .min(1, "At least 1 page.")
  .max(100_000, "At most 100,000 pages.");

/** What a member may change about a source. */
export const SourceSettings = SourcePatterns.extend({
  name: z.string().trim().min(1, "Give the source a name.").max(200, "Use at most 200 characters."),
  maxPages: PageLimit,
  maxDepth: z.coerce
    .number("Write a number.")
    .int("Write a whole number.")
    .min(0, "At least 0.")
    .max(100, "At most 100."),
  refreshSchedule: RefreshSchedule,
  /** Whether PDF, Word, PowerPoint, Excel and CSV that its pages link to are read too. */
  readDocuments: z.boolean(),
});
export type SourceSettings = z.infer<typeof SourceSettings>;

/** What patterns would do to the pages that a source knows; the examples are the first of each. */
export type SourcePatternPreview = {
  known: number;
  kept: number;
  keptExamples: string[];
  leftOut: number;
  /** `excludedBy` null: no include pattern fits. */
  leftOutExamples: { url: string; excludedBy: string | null }[];
  /** Patterns that fit none of the pages: probably a slip of the pen. */
  idle: string[];
};

export const RunStatus = z.enum(["queued", "running", "paused", "completed", "failed", "cancelled"]);
export type RunStatus = z.infer<typeof RunStatus>;

/** The message "progress" on the topic `tenant:<id>:crawl`. found = all pages the run knows of. */
export const CrawlProgress = z.object({
  runId: z.uuid(),
  agentId: z.uuid(),
  sourceId: z.uuid(),
  status: RunStatus,
  /** Queued because the workspace has as many pages in the queue as it may; it begins by itself. */
  waiting: z.boolean(),
  maxPages: z.number(),
  found: z.number(),
  fetched: z.number(),
  published: z.number(),
  unchanged: z.number(),
  failed: z.number(),
  excluded: z.number(),
  chunks: z.number(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type CrawlProgress = z.infer<typeof CrawlProgress>;

/** The private topic on which a tenant's crawls report. */
export const crawlTopic = (tenantId: string): string => `tenant:${tenantId}:crawl`;
