import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { createAgent, publishDraft, saveDraft } from "@/lib/agents";
import { SETTINGS_LIMITS } from "@/lib/agents/schema";
import { addWebsite, refreshSource } from "@/lib/crawl";
import { CrawlProgress, crawlTopic } from "@/lib/crawl/schema";
import type { Database } from "@/lib/db/types.gen";
import type { Platform } from "@/lib/platform";

/** The demo's account: it exists on this machine alone. */
export const DEMO_LOGIN = { email: "demo@alonchat.example", password: "demo-on-this-machine" };

const POLL_MS = 1_000;

export interface Workspace {
  userId: string;
  publicId: string;
  siteUrl: string;
  isCrawled: boolean;
  crawl(onProgress: (progress: CrawlProgress) => void): Promise<CrawlProgress>;
  totals(): Promise<{ pages: number; chunks: number }>;
  suggestQuestions(): Promise<string[]>;
}

/** The demo's account, workspace, agent and source: made at the first run, found again at the next. Everything goes the way a member's browser goes. */
export async function demoWorkspace(
  platform: Platform,
  { siteUrl, title, questions }: { siteUrl: string; title: string; questions: string[] },
): Promise<Workspace> {
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = platform.env;
  const member = createClient<Database>(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const session = await signIn(member);
  const { id: tenantId } = ok(await member.from("tenants").select("id").limit(1).single());
  const { host } = new URL(siteUrl);
  // The host is part of what it is: the sample shop on another port is another site, whose answers open other pages.
  const found = ok(
    await member
      .from("agents")
      .select("id, public_id")
      .eq("name", title)
      .contains("allowed_domains", [host])
      .limit(1)
      .maybeSingle(),
    true,
  );
  const agent = found ?? (await newAgent(member, { tenantId, title, host, questions }));
  const start = new URL(siteUrl).href;
  const source = ok(
    await member.from("sources").select("id, status").eq("agent_id", agent.id).eq("url", start).maybeSingle(),
    true,
  );
  const ref = { tenantId, agentId: agent.id };
  return {
    userId: session.userId,
    publicId: agent.public_id,
    siteUrl,
    isCrawled: source?.status === "ready",
    crawl: (onProgress) => crawl(platform, member, { ...ref, sourceId: source?.id, siteUrl }, onProgress),
    async totals() {
      const count = async (table: "pages" | "chunks", column: string, value: unknown) =>
        (
          await member
            .from(table)
            .select("id", { count: "exact", head: true })
            .eq("agent_id", agent.id)
            .eq(column as "id", value as string)
        ).count ?? 0;
      return { pages: await count("pages", "status", "published"), chunks: await count("chunks", "published", true) };
    },
    async suggestQuestions() {
      const pages = ok(
        await member
          .from("pages")
          .select("title")
          .eq("agent_id", agent.id)
          .eq("status", "published")
          .gt("word_count", 80)
          .order("depth")
          .limit(30),
      );
      const titles = [...new Set(pages.map((page) => page.title).filter((text): text is string => !!text))];
      return titles.slice(0, 3).map((text) => `What does the site say about “${text}”?`);
    },
  };
}

async function signIn(member: SupabaseClient<Database>): Promise<{ userId: string }> {
  let { data, error } = await member.auth.signInWithPassword(DEMO_LOGIN);
  if (error) {
    ({ data, error } = (await member.auth.signUp({
      ...DEMO_LOGIN,
      options: { data: { workspace_name: "Demo" } },
    })) as never);
    if (error) throw new Error(`The demo account could not be made: ${error.message}`);
  }
  if (!data.session || !data.user)
    throw new Error("The demo account has no session. Reset the local data: npm run db:reset");
  await member.realtime.setAuth(data.session.access_token);
  return { userId: data.user.id };
}

/** Progress comes over Realtime as it does in the dashboard; the row is asked once a second in case a message is lost. */
async function crawl(
  platform: Platform,
  member: SupabaseClient<Database>,
  {
    tenantId,
    agentId,
    sourceId,
    siteUrl,
  }: { tenantId: string; agentId: string; sourceId: string | undefined; siteUrl: string },
  onProgress: (progress: CrawlProgress) => void,
): Promise<CrawlProgress> {
  const deps = await platform.crawl();
  const { runId } = sourceId
    ? await refreshSource(deps, member, { tenantId, sourceId })
    : await addWebsite(deps, member, { tenantId, agentId, url: siteUrl, maxPages: platform.env.CRAWL_MAX_PAGES });
  return new Promise((resolve, reject) => {
    const take = (progress: CrawlProgress) => {
      if (progress.runId !== runId) return;
      onProgress(progress);
      if (progress.status !== "queued" && progress.status !== "running") {
        clearInterval(timer);
        void member.removeChannel(channel).then(() => resolve(progress));
      }
    };
    const channel = member
      .channel(crawlTopic(tenantId), { config: { private: true } })
      .on("broadcast", { event: "progress" }, ({ payload }) => take(CrawlProgress.parse(payload)))
      .subscribe();
    const timer = setInterval(async () => {
      const { data, error } = await member.from("crawl_runs").select("*").eq("id", runId).single();
      if (error) {
        clearInterval(timer);
        reject(new Error(error.message));
      } else take(fromRow(data));
    }, POLL_MS);
  });
}

const fromRow = (row: Database["public"]["Tables"]["crawl_runs"]["Row"]): CrawlProgress => ({
  runId: row.id,
  agentId: row.agent_id,
  sourceId: row.source_id,
  status: row.status,
  waiting: row.waiting,
  maxPages: row.max_pages,
  found: row.found,
  fetched: row.fetched,
  published: row.published,
  unchanged: row.unchanged,
  failed: row.failed,
  excluded: row.excluded,
  chunks: row.chunks,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

/** The demo's agent, whose second version suggests the questions. */
async function newAgent(
  member: SupabaseClient<Database>,
  { tenantId, title, host, questions }: { tenantId: string; title: string; host: string; questions: string[] },
): Promise<{ id: string; public_id: string }> {
  const agent = await createAgent(member, { tenantId, name: title, allowedDomains: [host] });
  if (questions.length > 0) {
    const settings = { ...agent.published.settings, suggestedQuestions: questions.slice(0, SETTINGS_LIMITS.questions) };
    const ref = { tenantId, agentId: agent.id };
    const { draft } = await saveDraft(member, { ...ref, ...settings, seen: null });
    if (draft) await publishDraft(member, { ...ref, seen: draft.updatedAt, note: "Questions to begin with" });
  }
  return { id: agent.id, public_id: agent.publicId };
}

/** The data of a REST answer. @throws Error with what the server said; `nullable` lets a missing row through as null */
function ok<T>(result: { data: T; error: { message: string } | null }, nullable: true): T;
function ok<T>(result: { data: T; error: { message: string } | null }): NonNullable<T>;
function ok<T>({ data, error }: { data: T; error: { message: string } | null }, nullable = false): T {
  if (error) throw new Error(error.message);
  if (data === null && !nullable) throw new Error("The server gave no row.");
  return data;
}
