export { crashPoint } from "@/lib/core/crash-point";

import type { Db } from "@/lib/db/pool";
import type { Gateway } from "@/lib/llm";
import type { Lookup } from "@/lib/net";
import type { Queues } from "@/lib/queue";
import type { ObjectStorage } from "@/lib/storage";
import type { DocumentRoom } from "./document-room";
import type { OpenRequests } from "./open-requests";
import type { Renderer } from "./render";

/** What reading other people's sites needs, with or without a database behind it. */
export interface FetchConfig {
  userAgent: string;
  /** Private hosts that may be crawled, as `host` or `host:port`: the operator's own, so no pause between their requests. */
  allowHosts: string[];
  lookup?: Lookup;
}

/** What the crawl needs from outside. */
export interface CrawlDeps {
  db: Db;
  queues: Queues;
  gateway: Gateway;
  /** How many requests the operator's own hosts are asked at once; those of others have their turns. */
  openRequests: OpenRequests;
  /** How many large documents are in memory at once. */
  documentRoom: DocumentRoom;
  /** Runs the scripts of pages that show nothing without. */
  renderer: Renderer;
  /** Where bodies of pages go when they are cold; null without a secret key: then they stay in the database. */
  storage: ObjectStorage | null;
  config: FetchConfig & {
    /** The pause between two requests to one host. */
    minDelayMs: number;
    /** Pages of a crawl whose source names no number. */
    maxPages: number;
    /** Of a document; of a page its source says it. */
    maxFileBytes: number;
    /** How long what the site sent stays in the database before it moves to Storage. */
    hotDays: number;
    /** Pages of one tenant in the queue at once; the rest waits in the frontier, as rows. */
    maxQueueSize: number;
    /** Whether the crawls that members start are limited (RATE_LIMIT_ENABLED). */
    limitStarts: boolean;
    /** Set in tests only: the name of the step after which the process ends itself. */
    crashAt?: string | undefined;
  };
}

/** The name by which robots.txt and members know the crawler: `AlonChatBot` of `AlonChatBot/1.0 (+https://…)`. */
export const crawlerName = ({ userAgent }: Pick<FetchConfig, "userAgent">): string =>
  userAgent.split(/[/\s]/, 1)[0] ?? userAgent;

/** The part of safeFetch's options that says where requests may go. */
export const reach = ({ allowHosts, lookup }: FetchConfig) => ({ allowHosts, ...(lookup ? { lookup } : {}) });
