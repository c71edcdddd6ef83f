import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseEnv } from "@/lib/core/env";
import { createPlatform } from "@/lib/platform";
import { demoQuestions } from "@/lib/testing/sample-site/manifest";
import { startSampleSite } from "@/lib/testing/sample-site/server";
import { startStack } from "@/supabase/local/stack";
import { connectOwner, makePlatformAdmin } from "./admin";
import { ask } from "./ask";
import { ensureBuilt } from "./build";
import { DEMO_LOGIN, demoWorkspace, type Workspace } from "./demo-workspace";
import { checkPortFree, Processes, waitForHttp } from "./processes";

const USAGE = `npm run demo                     crawl the bundled sample site and ask it three questions
npm run demo -- https://…        the same with any site
npm run demo -- --once --json    end afterwards; the last line is one JSON object
npm run demo -- --fresh          crawl again, although the site was crawled before`;

interface Options {
  url: string | undefined;
  once: boolean;
  json: boolean;
  fresh: boolean;
}

function options(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      once: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  const [url] = positionals;
  if (url && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    throw new Error(
      `"${url}" is not a web address. Write it with https://, for example: npm run demo -- https://example.com`,
    );
  return { url, once: values.once, json: values.json, fresh: values.fresh };
}

// Model keys for instance: with one, the demo's answers come from that model.
if (existsSync(".env")) process.loadEnvFile(".env");

const port = (name: string, fallback: number): number => Number(process.env[name] || fallback);

async function main(): Promise<void> {
  const { url, once, json, fresh } = options();
  const out = json ? process.stderr : process.stdout;
  const say = (line: string) => out.write(`${line}\n`);
  const live = out.isTTY ? (line: string) => out.write(`\r\u001b[2K${line}`) : undefined;
  const [webPort, samplePort, workerPort] = [port("PORT", 3000), port("SAMPLE_PORT", 4400), port("WORKER_PORT", 3001)];
  const undo: (() => Promise<unknown>)[] = [];
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    for (const step of undo.reverse()) await step().catch(() => {});
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      say("\nStopping …");
      void stop(0);
    });

  try {
    const buildSeconds = await ensureBuilt(say);
    const installSeconds = Number(process.env.DEMO_INSTALL_SECONDS ?? 0) + buildSeconds;

    const stackStartedAt = performance.now();
    await Promise.all([
      checkPortFree(webPort, "the web app", "PORT"),
      checkPortFree(workerPort, "the worker", "WORKER_PORT"),
      ...(url ? [] : [checkPortFree(samplePort, "the sample site", "SAMPLE_PORT")]),
    ]);
    const appUrl = `http://127.0.0.1:${webPort}`;
    const stack = await startStack({ siteUrl: appUrl, log: say });
    undo.push(() => stack.stop());
    const site = url ? undefined : await startSampleSite({ port: samplePort });
    if (site) undo.push(() => site.stop());
    const siteUrl = url ?? site!.url;
    const env = {
      ...process.env,
      ...stack.env,
      NODE_ENV: "production",
      APP_URL: appUrl,
      PORT: String(webPort),
      HOST: "127.0.0.1",
      WORKER_PORT: String(workerPort),
      // Whoever types an address in this terminal may reach it, also on a private network.
      CRAWL_ALLOW_HOSTS: [process.env.CRAWL_ALLOW_HOSTS, new URL(siteUrl).host]
        .filter((host) => host && (!url || isPrivateName(host)))
        .join(","),
      ...(url ? { CRAWL_MAX_PAGES: process.env.CRAWL_MAX_PAGES ?? "40" } : {}),
    };
    const processes = new Processes((name, code) => {
      say(`The ${name} process ended (${code}). Its log: .local/logs/${name}.log`);
      void stop(1);
    });
    undo.push(() => processes.stop());
    processes.start("web", "tsx", ["deploy/server.ts"], env, "file");
    processes.start("worker", "tsx", ["workers/main.ts"], env, "file");
    await Promise.all([
      waitForHttp(`${appUrl}/health`, "The web app"),
      waitForHttp(`http://127.0.0.1:${workerPort}/health/ready`, "The worker"),
    ]);
    const stackSeconds = (performance.now() - stackStartedAt) / 1_000;
    say(`Ready in ${stackSeconds.toFixed(1)} s: Postgres, REST, Auth, Storage, Realtime, web, worker`);

    const platform = createPlatform(parseEnv(env));
    undo.push(() => platform.close());
    const workspace = await demoWorkspace(platform, { siteUrl, title: site ? "Sample shop" : new URL(siteUrl).host });
    const owner = connectOwner(stack.adminDatabaseUrl);
    await makePlatformAdmin(owner, workspace.userId).finally(() => owner.end());

    const crawlSeconds = await crawl(workspace, { fresh, say, live });
    site?.setWidget({ appUrl, publicId: workspace.publicId });
    const totals = await workspace.totals();
    const questions = site ? demoQuestions.map(({ question }) => question) : await workspace.suggestQuestions();
    const answers = [];
    for (const question of questions) {
      say(`\n  ${bold(out, question)}`);
      const answer = await ask({
        appUrl,
        publicId: workspace.publicId,
        origin: new URL(siteUrl).origin,
        question,
        onText: (text) => out.write(text.replace(/^|(?<=\n)/g, "")),
      });
      say("");
      for (const { number, url: source, heading, title } of answer.citations)
        say(
          `    [${number}] ${title}${heading && heading !== title ? ` › ${heading}` : ""}  ${dim(out, source.split("#")[0]!)}`,
        );
      answers.push({
        question,
        answer: answer.text,
        citations: answer.citations.map((c) => ({ url: c.url, quote: c.quote })),
        firstTokenMs: answer.firstTokenMs,
      });
    }
    const ok =
      totals.pages > 0 && answers.length > 0 && answers.every((answer) => answer.answer && answer.citations.length > 0);
    if (json)
      process.stdout.write(
        `${JSON.stringify({ ok, pages: totals.pages, chunks: totals.chunks, seconds: { install: round(installSeconds), stack: round(stackSeconds), crawl: round(crawlSeconds) }, answers })}\n`,
      );
    if (once) return await stop(ok ? 0 : 1);
    say(`
  Dashboard     ${appUrl}/sign-in
                ${DEMO_LOGIN.email}  ·  ${DEMO_LOGIN.password}${site ? `\n  Sample shop   ${site.url}/  (the widget is in the corner)` : ""}
  Queues        ${appUrl}/admin/queues
  Supabase API  ${stack.apiUrl}

  Ctrl-C ends it; the data stay in .local. From scratch: npm run db:reset`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const fix = error instanceof Error && "fix" in error ? `\n${String(error.fix)}` : "";
    say(`\nThe demo could not go on: ${message}${fix}`);
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: message })}\n`);
    await stop(1);
  }
}

/** Crawls the workspace's site unless that was done before; one line tells how it goes. Returns seconds. */
async function crawl(
  workspace: Workspace,
  { fresh, say, live }: { fresh: boolean; say: (line: string) => void; live: ((line: string) => void) | undefined },
): Promise<number> {
  const startedAt = performance.now();
  if (workspace.isCrawled && !fresh) {
    say("The site was crawled before; --fresh crawls it again.");
    return 0;
  }
  say(`Crawling ${workspace.siteUrl}`);
  let lastShown = 0;
  const run = await workspace.crawl((progress) => {
    const done = progress.published + progress.unchanged + progress.failed + progress.excluded;
    const seconds = (performance.now() - startedAt) / 1_000;
    const line = `  ${done} of ${progress.found} pages · ${progress.published + progress.unchanged} read · ${progress.excluded} left out · ${progress.failed} failed · ${progress.chunks} passages · ${(done / seconds).toFixed(1)} pages/s`;
    if (live) live(line);
    else if (performance.now() - lastShown > 2_000) {
      lastShown = performance.now();
      say(line);
    }
  });
  live?.("");
  if (run.status !== "completed") throw new Error(run.errorMessage ?? "The crawl did not finish.");
  const seconds = (performance.now() - startedAt) / 1_000;
  say(
    `  ${run.published + run.unchanged} pages read, ${run.excluded} left out, ${run.failed} failed, ${run.chunks} passages in ${seconds.toFixed(1)} s`,
  );
  return seconds;
}

const isPrivateName = (host: string): boolean =>
  /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])/.test(host) || !host.includes(".");
const round = (seconds: number): number => Math.round(seconds * 100) / 100;
const bold = (out: NodeJS.WriteStream, text: string): string => (out.isTTY ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (out: NodeJS.WriteStream, text: string): string => (out.isTTY ? `\u001b[2m${text}\u001b[0m` : text);

void main();
