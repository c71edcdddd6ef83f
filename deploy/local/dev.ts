import { parseEnv } from "@/lib/core/env";
import { startSampleSite } from "@/lib/testing/sample-site/server";
import { loadDotEnv } from "@/supabase/local/dotenv";
import { checkPort, wantedPort } from "@/supabase/local/ports";
import { startStack } from "@/supabase/local/stack";
import { Lifetime, reasonOf } from "./lifetime";
import { Processes } from "./processes";

/** `npm run dev`: stack (unless SUPABASE_URL names another), Next with reload, worker with reload, widget watch, sample site. */
async function main(): Promise<void> {
  const lifetime = new Lifetime();
  try {
    loadDotEnv();
    const [webPort, samplePort, workerPort] = [wantedPort("web"), wantedPort("sampleSite"), wantedPort("worker")];
    await Promise.all([
      checkPort(webPort, "web"),
      checkPort(workerPort, "worker"),
      checkPort(samplePort, "sampleSite"),
    ]);
    const appUrl = process.env.APP_URL || `http://127.0.0.1:${webPort}`;
    const stack = process.env.SUPABASE_URL
      ? undefined
      : await startStack({ siteUrl: appUrl, log: (line) => process.stdout.write(`${line}\n`) });
    if (stack) lifetime.add(() => stack.stop());
    const site = await startSampleSite({ port: samplePort });
    lifetime.add(() => site.stop());
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
    parseEnv(env);
    const processes = new Processes((name, code) => {
      process.stdout.write(`[${name}] ended with ${code}\n`);
      void lifetime.stop(1);
    });
    lifetime.add(() => processes.stop());
    processes.start("widget", "tsx", ["components/widget/build.ts", "--watch"], env, "terminal");
    const next = ["dev", "--port", String(webPort), "--hostname", "127.0.0.1"];
    const web = processes.start("web", "next", next, env, "terminal");
    processes.start("worker", "tsx", ["watch", "--clear-screen=false", "workers/main.ts"], env, "terminal");
    await processes.waitForHttp(web, `http://127.0.0.1:${webPort}/health`, "The web app", 120_000);
    process.stdout.write(`
  Dashboard     ${appUrl}
  Sample site   ${site.url}/  (crawl it to try things out)
  Queues        ${appUrl}/admin/queues
  Models        ${appUrl}/admin/models
  Supabase API  ${stack?.apiUrl ?? process.env.SUPABASE_URL}

  Ctrl-C ends it${stack ? "; the data stay in .local" : ""}.
`);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    await lifetime.stop(1);
  }
}

void main();
