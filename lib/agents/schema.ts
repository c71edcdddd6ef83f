import { z } from "zod";
import { type CrawlProgress, type RefreshSchedule, RunStatus, type SourceKind } from "@/lib/crawl/schema";
import { type AgentSettings, text } from "./settings";

export * from "./fallback";
export * from "./settings";

export const AGENT_LIMITS = { nameLength: 90, domains: 50 } as const;

export const AgentName = text(AGENT_LIMITS.nameLength).min(1, "Give the agent a name.");
export const AccentColor = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, "Write a colour as # and six hex digits, for example #2f56d9.");

/** What is in a browser's `Origin` after the scheme: a host, perhaps with a port, perhaps with a leading `*.` for all subdomains. */
export const AllowedDomain = z
  .string()
  .trim()
  .toLowerCase()
  .transform((value) => value.replace(/^[a-z][a-z0-9+.-]*:\/\//, "").replace(/[/?#].*$/, ""))
  .pipe(
    z
      .string()
      .max(253, "A domain has at most 253 characters.")
      .regex(
        /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/,
        "Write a domain such as example.com, or *.example.com for its subdomains.",
      )
      .refine((value) => !/^\*\.[^.]+$/.test(value), "A wildcard needs a domain after it, for example *.example.com."),
  );

export const CreateAgent = z.object({
  name: AgentName,
  allowedDomains: z.array(AllowedDomain).max(AGENT_LIMITS.domains).default([]),
});
export type CreateAgent = z.input<typeof CreateAgent>;

/** Languages that the widget has its own texts in. */
export const WIDGET_LANGUAGES = [
  "en",
  "ar",
  "de",
  "es",
  "fr",
  "he",
  "hi",
  "it",
  "ja",
  "nl",
  "pl",
  "pt",
  "tr",
  "zh",
] as const;
export const WidgetLanguage = z.enum(WIDGET_LANGUAGES, "Choose a language from the list.");
export type WidgetLanguage = z.output<typeof WidgetLanguage>;

/** What stands in the empty field for a question. */
export const PLACEHOLDERS: Record<WidgetLanguage, string> = {
  en: "Ask a question…",
  ar: "اطرح سؤالاً…",
  de: "Stellen Sie eine Frage…",
  es: "Haga una pregunta…",
  fr: "Posez une question…",
  he: "שאלו שאלה…",
  hi: "कोई सवाल पूछें…",
  it: "Fai una domanda…",
  ja: "質問を入力…",
  nl: "Stel een vraag…",
  pl: "Zadaj pytanie…",
  pt: "Faça uma pergunta…",
  tr: "Bir soru sorun…",
  zh: "请输入您的问题…",
};

/** What is not versioned: it holds at once, for every version. */
export const UpdateAgent = z
  .object({
    name: AgentName,
    accentColor: AccentColor,
    language: WidgetLanguage,
    allowedDomains: z
      .array(AllowedDomain)
      .transform((domains) => [...new Set(domains)])
      .pipe(z.array(z.string()).max(AGENT_LIMITS.domains, `Keep at most ${AGENT_LIMITS.domains} domains.`)),
  })
  .partial();
export type UpdateAgent = z.input<typeof UpdateAgent>;

export type Agent = {
  id: string;
  publicId: string;
  name: string;
  accentColor: string;
  /** Of the widget's own texts, and of what a visitor writes when it cannot be told. */
  language: WidgetLanguage;
  allowedDomains: string[];
  createdAt: string;
  updatedAt: string;
  /** What visitors get. */
  published: { versionId: string; number: number; settings: AgentSettings };
};

/** A name from a website's host: `help.lumen-shop.co.uk` becomes "Lumen shop". */
export function nameFromUrl(url: string): string {
  const host = new URL(url).hostname;
  if (/^[\d.]+$|:|^localhost$/.test(host)) return "Website agent";
  const labels = host.split(".").filter((label) => !/^(www\d?|help|docs?|support|kb|faq)$/.test(label));
  const secondLevel = labels.length > 2 && /^(co|com|org|net|ac|gov|edu)$/.test(labels.at(-2) ?? "");
  const label = labels.at(secondLevel ? -3 : -2) ?? labels[0] ?? host;
  const words = label.replaceAll("-", " ").trim() || host;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const count = z.coerce.number().int().min(0).catch(0);

/**
 * A crawl run as the dashboard follows it, from its row.
 * found = pages the run knows of; each ends in one of published, unchanged, failed, excluded.
 */
export const CrawlRun = z
  .object({
    id: z.uuid(),
    source_id: z.uuid(),
    status: RunStatus,
    waiting: z.boolean(),
    found: count,
    fetched: count,
    published: count,
    unchanged: count,
    failed: count,
    excluded: count,
    chunks: count,
    limit_reached: z.boolean().catch(false),
    error_code: z.string().nullish(),
    error_message: z.string().nullish(),
    started_at: z.string().nullish(),
    finished_at: z.string().nullish(),
  })
  .transform((row) => ({
    id: row.id,
    sourceId: row.source_id,
    status: row.status,
    waiting: row.waiting,
    found: row.found,
    fetched: row.fetched,
    published: row.published,
    unchanged: row.unchanged,
    failed: row.failed,
    excluded: row.excluded,
    chunks: row.chunks,
    limitReached: row.limit_reached,
    errorCode: row.error_code ?? null,
    errorMessage: row.error_message ?? null,
    startedAt: row.started_at ?? null,
    finishedAt: row.finished_at ?? null,
  }));
export type CrawlRun = z.output<typeof CrawlRun>;

/** A run as a broadcast tells it, which leaves out what only matters at the end. */
export const runFromProgress = ({ runId, agentId: _agent, maxPages: _max, ...rest }: CrawlProgress): CrawlRun => ({
  id: runId,
  limitReached: false,
  ...rest,
});

/**
 * Of two accounts of a source's run, the later one: ids sort by time, a run that is over says more than one under way, and counts only grow.
 * Broadcasts, polls and the page's own data may arrive in any order.
 */
export function laterRun(a: CrawlRun | null, b: CrawlRun | null): CrawlRun | null {
  if (!a || !b) return a ?? b;
  if (a.id !== b.id) return a.id > b.id ? a : b;
  if (isActive(a) !== isActive(b)) return isActive(a) ? b : a;
  return settledPages(a) + a.fetched + a.found > settledPages(b) + b.fetched + b.found ? a : b;
}

/** Whether a run has not ended; a paused one will go on. */
export const isActive = ({ status }: Pick<CrawlRun, "status">): boolean =>
  status === "queued" || status === "running" || status === "paused";

const settledPages = (run: CrawlRun) => run.published + run.unchanged + run.failed + run.excluded;

/** How far a run is: pages that reached their end, of those known. `percent` is 0–100, and 100 only when the run is over. */
export function runProgress(run: CrawlRun): { settled: number; percent: number } {
  const settled = settledPages(run);
  if (!isActive(run)) return { settled, percent: 100 };
  return { settled, percent: run.found === 0 ? 0 : Math.min(99, Math.floor((settled / run.found) * 100)) };
}

export type SourceStatus = "pending" | "crawling" | "ready" | "failed";

/** Whether a crawl of the source is going on or about to begin. */
export const isBeingRead = ({ status }: { status: SourceStatus }): boolean =>
  status === "crawling" || status === "pending";

export type Source = {
  id: string;
  agentId: string;
  name: string;
  kind: SourceKind;
  /** Of a website or a sitemap; other kinds have none. */
  url: string | null;
  status: SourceStatus;
  maxPages: number;
  maxDepth: number;
  refreshSchedule: RefreshSchedule;
  nextRunAt: string | null;
  includePatterns: string[];
  excludePatterns: string[];
  readDocuments: boolean;
  errorCode: string | null;
  errorMessage: string | null;
  createdAt: string;
  /** Pages that visitors are answered from; a refresh under way does not lower it. */
  livePages: number;
  /** The latest run, whatever its end. */
  run: CrawlRun | null;
};

/** Pages of a source by what became of them; words and passages are those that visitors are answered from. */
export type SourceTotals = {
  live: number;
  failed: number;
  excluded: number;
  active: number;
  words: number;
  passages: number;
};

export const PAGE_STATUSES = [
  "queued",
  "fetching",
  "embedding",
  "published",
  "failed",
  "excluded",
  "duplicate",
  "gone",
] as const;
export type PageStatus = (typeof PAGE_STATUSES)[number];

/** The tabs over a source's pages, and what is under each. */
export const PAGE_GROUPS = {
  published: ["published"],
  failed: ["failed"],
  excluded: ["excluded", "duplicate", "gone"],
  active: ["queued", "fetching", "embedding"],
} as const satisfies Record<string, readonly PageStatus[]>;
export type PageGroup = keyof typeof PAGE_GROUPS;

export const PAGE_SIZE = 50;
/** The page table's state, as it stands in the URL. Nonsense in a URL means the default, not an error. */
export const PageQuery = z.object({
  status: z.enum(["all", "published", "failed", "excluded", "active"]).catch("all"),
  q: z.string().trim().max(200).catch(""),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
export type PageQuery = z.output<typeof PageQuery>;

export type Page = {
  id: string;
  url: string;
  title: string | null;
  status: PageStatus;
  reasonCode: string | null;
  reason: string | null;
  httpStatus: number | null;
  /** Its text was made by its scripts, in a browser. */
  rendered: boolean;
  depth: number;
  wordCount: number;
  chunkCount: number;
  fetchedAt: string | null;
};

/** A page with what visitors are answered from. */
export type PageContent = Page & {
  content: {
    versionId: string;
    markdown: string;
    language: string | null;
    description: string | null;
    /** What the extraction took the page for: article, documentation, product, …; of a document its form: pdf, docx, … */
    kind: string | null;
    publishedAt: string | null;
    /** Of a document: what of it could not be read, as sentences. */
    notes: string[];
    readAt: string;
  } | null;
};

export const PASSAGES_PER_SCREEN = 50;

/** A piece of a page as it is searched. */
export type Passage = {
  id: string;
  /** 0-based. */
  position: number;
  kind: string;
  headingPath: string[];
  anchor: string | null;
  /** Markdown. */
  content: string;
  tokenCount: number;
};

/** The state of a page's view in the URL: as extracted, or as cut into passages. */
export const PageViewQuery = z.object({
  as: z.enum(["text", "passages"]).catch("text"),
  screen: z.coerce.number().int().min(1).max(10_000).catch(1),
});

/**
 * Whether pages of an origin ("https://shop.example:8443") may use an agent: as `private.origin_allowed` decides in the database, which has
 * the last word. Here it says why before anybody tries.
 */
export function isOriginAllowed(origin: string, domains: readonly string[]): boolean {
  const url = URL.parse(origin);
  if (!url || !/^https?:$/.test(url.protocol)) return false;
  return domains.some((entry) =>
    entry.startsWith("*.") ? url.hostname.endsWith(entry.slice(1)) : entry === url.hostname || entry === url.host,
  );
}
