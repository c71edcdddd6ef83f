import { platform } from "@/app/_server/platform";
import { readiness } from "@/lib/platform/readiness";

export const dynamic = "force-dynamic";

const checks = readiness({
  database: () => platform().pool.query("select service.widget_config('', null, null)"),
  queue: async () => (await platform().queues()).queues.queue("crawl-page").getJobCounts("waiting"),
  auth: () => askSupabase("/auth/v1/settings"),
  storage: () => askSupabase("/storage/v1/bucket"),
});

/** The process can do its work: database with our schema, queue, auth and storage. */
export async function GET(): Promise<Response> {
  const found = await checks();
  const ready = Object.values(found).every(Boolean);
  return Response.json(
    { status: ready ? "ready" : "not_ready", checks: found },
    { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}

async function askSupabase(path: string): Promise<void> {
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = platform().env;
  // biome-ignore lint/style/noRestrictedGlobals: the operator's own Supabase, which supabase-js reaches the same way
  const response = await fetch(new URL(path, SUPABASE_URL), {
    headers: { apikey: SUPABASE_PUBLISHABLE_KEY },
    signal: AbortSignal.timeout(3_000),
  });
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`status ${response.status}`);
}
