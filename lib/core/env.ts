import { z } from "zod";
import { AppError } from "./errors";
import { areFieldKeys } from "./field-cipher";

const flag = (fallback: boolean) =>
  z
    .enum(["true", "false", "1", "0"])
    .transform((v) => v === "true" || v === "1")
    .default(fallback);
const hosts = z
  .string()
  .default("")
  .transform((v) =>
    v
      .split(",")
      .map((h) => h.trim().toLowerCase())
      .filter(Boolean),
  );
/** How many there are; `true` is one. */
const proxies = z
  .union(
    [z.enum(["true", "false"]).transform((v) => (v === "true" ? 1 : 0)), z.coerce.number().int().min(0).max(5)],
    "write true, or how many proxies a request passes, at most 5",
  )
  .default(0);
const optionalUrl = z.url({ protocol: /^https?$/ }).optional();

type ProviderVariable =
  | "OPENAI_API_KEY"
  | "OPENAI_BASE_URL"
  | "ANTHROPIC_API_KEY"
  | "GOOGLE_GENERATIVE_AI_API_KEY"
  | "OPENAI_COMPATIBLE_BASE_URL";

/** Which model providers an environment can reach: by a key, or by the address of a server that may want none. */
export const reachableProviders = (e: Partial<Record<ProviderVariable, string | undefined>>) => ({
  openai: !!e.OPENAI_API_KEY || !!e.OPENAI_BASE_URL,
  anthropic: !!e.ANTHROPIC_API_KEY,
  google: !!e.GOOGLE_GENERATIVE_AI_API_KEY,
  compatible: !!e.OPENAI_COMPATIBLE_BASE_URL,
  local: true,
});

/** Every variable the product reads, once. `.env.example` explains each; a test keeps the two in step. */
export const Env = z
  .object({
    NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
    APP_URL: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:3000"),
    /** Proxies of the operator before `npm start`, each of which says at the end of X-Forwarded-For who asked it. */
    TRUST_PROXY: proxies,
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).optional(),

    SUPABASE_URL: z.url({ protocol: /^https?$/ }),
    SUPABASE_PUBLISHABLE_KEY: z.string().min(20),
    /** Of the project's secret keys: for Storage, where no member's session is there for it. */
    SUPABASE_SECRET_KEY: z.string().min(20).optional(),
    /** Encrypts what visitors say about themselves, and secrets of tenants, in their rows: `id:base64,…`; the first seals, all open. */
    FIELD_ENCRYPTION_KEYS: z
      .string()
      .refine(
        areFieldKeys,
        "write id:key, 32 bytes in base64, several separated by commas; `echo main:$(openssl rand -base64 32)` makes one",
      )
      .optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(100).default(4),
    /** For a connection to Postgres itself, or a pooler in session mode: statements stay prepared. */
    DATABASE_PREPARE: flag(false),
    QUEUE_URL: z.url({ protocol: /^(postgres(ql)?|rediss?)$/, hostname: /.*/ }),

    OPENAI_API_KEY: z.string().min(1).optional(),
    OPENAI_BASE_URL: optionalUrl,
    OPENAI_COMPATIBLE_BASE_URL: optionalUrl,
    OPENAI_COMPATIBLE_API_KEY: z.string().min(1).optional(),
    ANTHROPIC_API_KEY: z.string().min(1).optional(),
    ANTHROPIC_BASE_URL: optionalUrl,
    GOOGLE_GENERATIVE_AI_API_KEY: z.string().min(1).optional(),
    GOOGLE_BASE_URL: optionalUrl,
    CHAT_MODEL: z
      .string()
      .regex(/^(openai|anthropic|google|compatible|local)\/.+$/, "write provider/model, for example openai/gpt-5-mini")
      .optional(),
    EMBEDDING_MODEL: z
      .string()
      .regex(
        /^(openai|google|compatible|local)\/.+$/,
        "write provider/model, for example openai/text-embedding-3-small",
      )
      .optional(),
    GROUNDING_JUDGE_MODEL: z
      .string()
      .regex(/^(openai|anthropic|google|compatible)\/.+$/, "write provider/model, for example openai/gpt-5-mini")
      .optional(),
    RERANK_MODEL: z.string().min(1).optional(),
    RERANK_BASE_URL: optionalUrl,
    RERANK_API_KEY: z.string().min(1).optional(),

    BUDGET_TOKENS: z.coerce.number().int().min(1_000).max(1_000_000).default(10_000),
    BUDGET_COST_USD: z.coerce.number().min(0.001).max(100).default(0.1),
    BUDGET_STEP_MS: z.coerce.number().int().min(500).max(180_000).default(5_000),

    AUTH_GOOGLE_ENABLED: flag(false),
    AUTH_GITHUB_ENABLED: flag(false),

    CRAWLER_USER_AGENT: z.string().min(3).default("AlonChatBot/1.0 (+https://github.com/alonchat/alonchat)"),
    CRAWL_ALLOW_HOSTS: hosts,
    CRAWL_MIN_DELAY_MS: z.coerce.number().int().min(0).max(60_000).default(1_000),
    CRAWL_MAX_PAGES: z.coerce.number().int().min(1).max(100_000).default(500),
    RAW_BODY_HOT_DAYS: z.coerce.number().int().min(0).max(3_650).default(30),

    MAX_FILE_SIZE_MB: z.coerce.number().int().min(1).max(50).default(50),
    ENABLE_BULK_UPLOAD: flag(true),
    CLAMAV_HOST: z.string().min(1).optional(),
    CLAMAV_PORT: z.coerce.number().int().min(1).max(65_535).default(3310),

    CHROMIUM_PATH: z.string().min(1).optional(),
    RENDER_CONCURRENCY: z.coerce.number().int().min(0).max(16).default(1),
    RENDER_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(20_000).default(10_000),
    RENDER_MEMORY_MB: z.coerce.number().int().min(200).max(8_192).default(512),

    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(5),
    WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
    MAX_QUEUE_SIZE: z.coerce.number().int().min(1).max(100_000).default(1_000),
    JOB_TIMEOUT_MS: z.coerce.number().int().min(1_000).default(300_000),
    SWEEP_EVERY_MS: z.coerce.number().int().min(100).default(15_000),
    SWEEP_IDLE_MS: z.coerce.number().int().min(100).default(30_000),
    ENABLE_PLAYGROUND: flag(true),
    RATE_LIMIT_ENABLED: flag(true),

    CRASH_AT: z.string().optional(),
  })
  .refine((e) => !e.OPENAI_COMPATIBLE_API_KEY || e.OPENAI_COMPATIBLE_BASE_URL, {
    path: ["OPENAI_COMPATIBLE_BASE_URL"],
    message: "OPENAI_COMPATIBLE_API_KEY is set, so the server's address is needed too",
  })
  .refine((e) => !e.CRASH_AT || e.NODE_ENV === "test", {
    path: ["CRASH_AT"],
    message: "kills the process on purpose: allowed with NODE_ENV=test only",
  })
  .superRefine((e, ctx) => {
    const reachable: Record<string, boolean> = reachableProviders(e);
    if ((e.RERANK_BASE_URL || e.RERANK_API_KEY) && !e.RERANK_MODEL)
      ctx.addIssue({ code: "custom", path: ["RERANK_MODEL"], message: "the reranker's model is needed too" });
    if (e.RERANK_MODEL && !e.RERANK_BASE_URL && !/^(openai|anthropic|google|compatible)\/./.test(e.RERANK_MODEL))
      ctx.addIssue({
        code: "custom",
        path: ["RERANK_MODEL"],
        message: "write provider/model, or set RERANK_BASE_URL to a server with /rerank",
      });
    for (const key of ["CHAT_MODEL", "EMBEDDING_MODEL", "GROUNDING_JUDGE_MODEL", "RERANK_MODEL"] as const) {
      const isOfServer = key === "RERANK_MODEL" && e.RERANK_BASE_URL;
      const provider = isOfServer ? undefined : e[key]?.split("/")[0];
      // One that is not in the list was refused above.
      if (provider && reachable[provider] === false)
        ctx.addIssue({ code: "custom", path: [key], message: `names ${provider}, which has no key or base URL` });
    }
  });

export type Env = z.infer<typeof Env>;

/**
 * Parses an environment. Empty strings count as unset, as hosting dashboards leave them.
 * @throws AppError "config_invalid" that names each variable and what to do
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const result = Env.safeParse(set);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = issue.path.join(".");
    return `  ${name}: ${name in set ? issue.message : "is not set"}`;
  });
  throw new AppError(
    "config_invalid",
    `The environment is not complete:\n${lines.join("\n")}\nEvery variable is explained in .env.example; on one machine \`npm run dev\` sets them all.`,
  );
}

let parsed: Env | undefined;
/** The environment of this process, parsed at first use. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}
