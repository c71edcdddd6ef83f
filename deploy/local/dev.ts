import { existsSync } from "node:fs";
import { startSampleSite } from "@/lib/testing/sample-site/server";
import { startStack } from "@/supabase/local/stack";
import { checkPortFree, Processes, waitForHttp } from "./processes";

const port = (name: string, fallback: number): number => Number(process.env[name] || fallback);

// A developer's own settings: model keys, a hosted project.
if (existsSync(".env")) process.loadEnvFile(".env");

/** `npm run dev`: stack (unless SUPABASE_URL names another), Next with reload, worker with reload, widget watch, sample site. */
async function main(): Promise<void> {
  const [webPort, samplePort, workerPort] = [port("PORT", 3000), port("SAMPLE_PORT", 4400), port("WORKER_PORT", 3001)];
  await Promise.all([
    checkPortFree(webPort, "the web app", "PORT"),
    checkPortFree(workerPort, "the worker", "WORKER_PORT"),
    checkPortFree(samplePort, "the sample site", "SAMPLE_PORT"),
  ]);
  const appUrl = process.env.APP_URL ?? `http://127.0.0.1:${webPort}`;
  const undo: (() => Promise<unknown>)[] = [];
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    for (const step of undo.reverse()) await step().catch(() => {});
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
  try {
    const stack = process.env.SUPABASE_URL
      ? undefined
      : await startStack({ siteUrl: appUrl, log: (line) => process.stdout.write(`${line}\n`) });
    if (stack) undo.push(() => stack.stop());
    const site = await startSampleSite({ port: samplePort });
    undo.push(() => site.stop());
    const env = {
      ...process.env,
      ...stack?.env,
      APP_URL: appUrl,
      PORT: String(webPort),
      WORKER_PORT: String(workerPort),
      CRAWL_ALLOW_HOSTS: [process.env.CRAWL_ALLOW_HOSTS, new URL(site.url).host].filter(Boolean).join(","),
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: "development",
    };
    const processes = new Processes((name, code) => {
      process.stdout.write(`[${name}] ended with ${code}\n`);
      void stop(1);
    });
    undo.push(() => processes.stop());
    processes.start("widget", "tsx", ["components/widget/build.ts", "--watch"], env, "terminal");
    processes.start("web", "next", ["dev", "--port", String(webPort), "--hostname", "127.0.0.1"], env, "terminal");
    processes.start("worker", "tsx", ["watch", "--clear-screen=false", "workers/main.ts"], env, "terminal");
    await waitForHttp(`${appUrl}/health`, "The web app", 120_000);
    process.stdout.write(`
  Dashboard     ${appUrl}
  Sample site   ${site.url}/  (crawl it to try things out)
  Queues        ${appUrl}/admin/queues
  Supabase API  ${stack?.apiUrl ?? process.env.SUPABASE_URL}

  Ctrl-C ends it; the data stay in .local.
`);
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n${error instanceof Error && "fix" in error ? `${String(error.fix)}\n` : ""}`,
    );
    await stop(1);
  }
}

void main();
