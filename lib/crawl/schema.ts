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

/** What a source is. The first three are crawled; what the others hold is written by who reads it. */
export const SourceKind = z.enum(["website", "sitemap", "urls", "file", "text", "qa"]);
export type SourceKind = z.infer<typeof SourceKind>;

/** How often the sweep crawls a source again. */
export const RefreshSchedule = z.enum(["off", "daily", "weekly", "monthly"]);
export type RefreshSchedule = z.infer<typeof RefreshSchedule>;

/** Addresses of one source of single pages. */
export const MAX_URLS = 1_000;

const Patterns = z.array(z.string().trim().min(1).max(500)).max(50, "At most 50 patterns.");

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
});
export type SourceLimits = z.infer<typeof SourceLimits>;

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
