import { demoWorkspace } from "@/deploy/local/demo-workspace";
import { Processes } from "@/deploy/local/processes";
import { parseEnv } from "@/lib/core/env";
import { createPlatform } from "@/lib/platform";
import { questions } from "@/lib/testing/sample-site/manifest";
import { startSampleSite } from "@/lib/testing/sample-site/server";
import { freePort } from "@/supabase/local/ports";

export interface SampleAgent {
  publicId: string;
  /** Questions that the sample site answers. */
  questions: string[];
}

/** An agent that knows the sample site: crawled by a real worker, which is gone when this returns. */
export async function sampleAgent(env: Record<string, string | undefined>): Promise<SampleAgent> {
  const site = await startSampleSite({});
  const workerPort = await freePort();
  const full = {
    ...env,
    APP_URL: env.APP_URL ?? "http://127.0.0.1",
    CRAWL_ALLOW_HOSTS: new URL(site.url).host,
    WORKER_PORT: String(workerPort),
  };
  const platform = createPlatform(parseEnv(full));
  const processes = new Processes((name, code, lastWords) =>
    process.stderr.write(`${name} ended with ${code}; its log is .local/logs/${name}.log:\n${lastWords}\n`),
  );
  try {
    const worker = processes.start("bench-worker", "tsx", ["workers/main.ts"], full, "file");
    await processes.waitForHttp(worker, `http://127.0.0.1:${workerPort}/health/ready`, "The worker");
    const workspace = await demoWorkspace(platform, { siteUrl: site.url, title: "Sample shop", questions: [] });
    const run = await workspace.crawl(() => {});
    if (run.status !== "completed") throw new Error(`The sample site could not be crawled: ${run.errorMessage}`);
    return {
      publicId: workspace.publicId,
      questions: questions.filter((q) => q.expectedPath !== null).map((q) => q.question),
    };
  } finally {
    await processes.stop();
    await platform.close();
    await site.stop();
  }
}
