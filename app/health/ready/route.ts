import { platform } from "@/app/_server/platform";

export const dynamic = "force-dynamic";

const works = (check: Promise<unknown>): Promise<boolean> =>
  check.then(
    () => true,
    () => false,
  );

/** The process can do its work: database with our schema, queue, auth and storage. */
export async function GET(): Promise<Response> {
  const { pool, queues, env } = platform();
  const supabase = (path: string) =>
    // biome-ignore lint/style/noRestrictedGlobals: the operator's own Supabase, which supabase-js reaches the same way
    fetch(new URL(path, env.SUPABASE_URL), {
      headers: { apikey: env.SUPABASE_PUBLISHABLE_KEY },
      signal: AbortSignal.timeout(3_000),
    }).then((response) => {
      if (response.status >= 500) throw new Error(`status ${response.status}`);
    });
  const [database, queue, auth, storage] = await Promise.all([
    works(pool.query("select service.widget_config('', null, null)")),
    works(queues().then(({ queues }) => queues.queue("crawl-page").getJobCounts("waiting"))),
    works(supabase("/auth/v1/settings")),
    works(supabase("/storage/v1/bucket")),
  ]);
  const checks = { database, queue, auth, storage };
  const ready = Object.values(checks).every(Boolean);
  return Response.json(
    { status: ready ? "ready" : "not_ready", checks },
    { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
