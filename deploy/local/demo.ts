import { parseArgs } from "node:util";
import { parseEnv } from "@/lib/core/env";
import { checkUrl } from "@/lib/net";
import { createPlatform } from "@/lib/platform";
import { demoQuestions } from "@/lib/testing/sample-site/manifest";
import { startSampleSite } from "@/lib/testing/sample-site/server";
import { loadDotEnv } from "@/supabase/local/dotenv";
import { checkPort, wantedPort } from "@/supabase/local/ports";
import { refuseHosted, startStack } from "@/supabase/local/stack";
import { connectOwner, makePlatformAdmin } from "./admin";
import { ask } from "./ask";
import { ensureBuilt } from "./build";
import { DEMO_LOGIN, demoWorkspace, type Workspace } from "./demo-workspace";
import { Lifetime, reasonOf } from "./lifetime";
import { Processes } from "./processes";

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

/** @throws Error that says how the command is written */
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
  const [url, ...more] = positionals;
  if (more.length > 0) throw new Error(`One site at a time, please.\n\n${USAGE}`);
  if (url && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    throw new Error(
      `"${url}" is not a web address. Write it with https://, for example: npm run demo -- https://example.com`,
    );
  return { url, once: values.once, json: values.json, fresh: values.fresh };
}

async function main(): Promise<void> {
  const json = process.argv.includes("--json");
  const out = json ? process.stderr : process.stdout;
  const say = (line: string) => out.write(`${line}\n`);
  const live = out.isTTY ? (line: string) => out.write(`\r\u001b[2K${line}`) : undefined;
  const lifetime = new Lifetime(() => say("\nStopping …"));
  try {
    const { url, once, fresh } = options();
    loadDotEnv();
    refuseHosted();
    const [webPort, samplePort, workerPort] = [wantedPort("web"), wantedPort("sampleSite"), wantedPort("worker")];
    await Promise.all([
      checkPort(webPort, "web"),
      checkPort(workerPort, "worker"),
      ...(url ? [] : [checkPort(samplePort, "sampleSite")]),
    ]);
    const stackStartedAt = performance.now();
    const appUrl = `http://127.0.0.1:${webPort}`;
    const stack = await startStack({ siteUrl: appUrl, log: say });
    lifetime.add(() => stack.stop());
    const site = url ? undefined : await startSampleSite({ port: samplePort });
    if (site) lifetime.add(() => site.stop());
    const siteUrl = url ?? site!.url;
    const env = {
      ...process.env,
      ...stack.env,
      NODE_ENV: "production",
      APP_URL: appUrl,
      PORT: String(webPort),
      HOST: "127.0.0.1",
      WORKER_PORT: String(workerPort),
      CRAWL_ALLOW_HOSTS: [process.env.CRAWL_ALLOW_HOSTS, await closedHost(siteUrl)].filter(Boolean).join(","),
      ...(url ? { CRAWL_MAX_PAGES: process.env.CRAWL_MAX_PAGES || "40" } : {}),
    };
    // Before the build: what does not fit in the environment is said within seconds.
    const config = parseEnv(env);
    const buildSeconds = await ensureBuilt(say);
    const installSeconds = Number(process.env.ALONCHAT_INSTALL_SECONDS ?? 0) + buildSeconds;

    const processes = new Processes((name, code) => {
      say(`The ${name} process ended (${code}). Its log: .local/logs/${name}.log`);
      void lifetime.stop(1);
    });
    lifetime.add(() => processes.stop());
    const web = processes.start("web", "node", ["--enable-source-maps", "dist/server.js"], env, "file");
    const worker = processes.start("worker", "tsx", ["workers/main.ts"], env, "file");
    await Promise.all([
      processes.waitForHttp(web, `${appUrl}/health`, "The web app"),
      processes.waitForHttp(worker, `http://127.0.0.1:${workerPort}/health/ready`, "The worker"),
    ]);
    const stackSeconds = (performance.now() - stackStartedAt) / 1_000 - buildSeconds;
    say(`Ready in ${stackSeconds.toFixed(1)} s: Postgres, REST, Auth, Storage, Realtime, web, worker`);

    const platform = createPlatform(config);
    lifetime.add(() => platform.close());
    const known = site ? demoQuestions.map(({ question }) => question) : [];
    const title = site ? "Sample shop" : new URL(siteUrl).host;
    const workspace = await demoWorkspace(platform, { siteUrl, title, questions: known });
    const owner = connectOwner(stack.adminDatabaseUrl);
    await makePlatformAdmin(owner, workspace.userId).finally(() => owner.end());

    const crawlSeconds = await crawl(workspace, { fresh, say, live });
    site?.setWidget({ appUrl, publicId: workspace.publicId });
    const totals = await workspace.totals();
    const questions = site ? known : await workspace.suggestQuestions();
    const answers = [];
    for (const question of questions) {
      say(`\n  ${bold(out, question)}`);
      const answer = await ask({
        appUrl,
        publicId: workspace.publicId,
        origin: new URL(siteUrl).origin,
        question,
        onText: indented((text) => out.write(text)),
      });
      say("");
      for (const { number, url: source, heading, title } of answer.citations)
        say(
          `    [${number}] ${title}${heading && heading !== title ? ` › ${heading}` : ""}  ${dim(out, source?.split("#")[0] ?? "")}`,
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
    if (once) return await lifetime.stop(ok ? 0 : 1);
    say(`
  Dashboard     ${appUrl}/sign-in
                ${DEMO_LOGIN.email}  ·  ${DEMO_LOGIN.password}${site ? `\n  Sample shop   ${site.url}/  (the widget is in the corner)` : ""}
  Queues        ${appUrl}/admin/queues
  Models        ${appUrl}/admin/models
  Supabase API  ${stack.apiUrl}

  Ctrl-C ends it; the data stay in .local. From scratch: npm run db:reset`);
  } catch (error) {
    const reason = reasonOf(error);
    say(`\nThe demo could not go on: ${reason}`);
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: reason })}\n`);
    await lifetime.stop(1);
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

/** The host of an address that is closed to the product (private, or no web port): whoever types it in this terminal may reach it. */
async function closedHost(siteUrl: string): Promise<string | undefined> {
  const check = await checkUrl(siteUrl);
  return !check.ok && check.code === "url_blocked" ? new URL(siteUrl).host : undefined;
}

/** Writes a text that comes in pieces two columns to the right, as the questions stand. */
function indented(write: (text: string) => void): (piece: string) => void {
  let atLineStart = true;
  return (piece) => {
    write(piece.replace(/^(?=[^\n])/gm, (_, at: number) => (at > 0 || atLineStart ? "  " : "")));
    atLineStart = piece.endsWith("\n");
  };
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;
const bold = (out: NodeJS.WriteStream, text: string): string => (out.isTTY ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (out: NodeJS.WriteStream, text: string): string => (out.isTTY ? `\u001b[2m${text}\u001b[0m` : text);

void main();
