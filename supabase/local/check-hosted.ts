import pg from "pg";

type Answer = { ok: boolean; detail: string; fix: string };

const PATIENCE_MS = 5_000;

/** Whether the project of SUPABASE_URL is there and knows the key. */
export async function checkProject(url: string, key: string): Promise<Answer> {
  const status = await fetch(new URL("/auth/v1/settings", url), {
    headers: { apikey: key },
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).then(
    (response) => response.status,
    () => 0,
  );
  const { host } = new URL(url);
  if (status === 0)
    return {
      ok: false,
      detail: `${host} does not answer`,
      fix: "Check SUPABASE_URL; a paused project must be resumed.",
    };
  if (status === 401 || status === 403)
    return {
      ok: false,
      detail: `${host} refuses the key`,
      fix: "Check SUPABASE_PUBLISHABLE_KEY: Project settings → API keys.",
    };
  return { ok: status < 400, detail: `${host} answers with ${status}`, fix: "Check SUPABASE_URL: it has no path." };
}

/** Whether DATABASE_URL leads to a database with the product's functions, which its role may execute. */
export async function checkDatabase(url: string): Promise<Answer> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select service.widget_config('', null, null)");
    return { ok: true, detail: `${client.user} at ${client.host}:${client.port}`, fix: "" };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const hasNoFunctions = code === "3F000" || code === "42883" || code === "42501";
    return {
      ok: false,
      detail: message,
      fix: hasNoFunctions
        ? "Run the migrations (npm run db:migrate), and connect as alonchat_service (docs/deploy.md, step 1)."
        : "Check host, port, user and password of DATABASE_URL (docs/deploy.md, step 1.4).",
    };
  } finally {
    await client.end().catch(() => {});
  }
}
