import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Agent, request } from "undici";
import { connectOwner } from "@/deploy/local/admin";
import { ensureBuilt } from "@/deploy/local/build";
import { Processes, waitForHttp } from "@/deploy/local/processes";
import { freePort } from "@/supabase/local/ports";
import { startStack } from "@/supabase/local/stack";
import { postmasterOf, watchCpu } from "./cpu";
import { sampleAgent } from "./knowledge";
import { type LoadResult, load, round, type Timed } from "./load";

/** What the fake model does: 60 tokens, the first after 50 ms, then one every 5 ms. */
const MODEL = { tokens: 60, firstTokenMs: 50, tokenMs: 5 };
/** `next`: the route handler in `next start`; `node`: the handler beside Next in `npm start`. */
const SERVERS = { next: ["next", "start"], node: ["node", "dist/server.js"] } as const;
type Server = keyof typeof SERVERS;

const dispatcher = new Agent({ connections: 256, pipelining: 1 });

/**
 * Chat through the real route with a fake model server, and the same load straight on the model in the same run: what the product adds.
 * The load client, the model, the web process and Postgres share the machine.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: "boolean", default: false },
      concurrency: { type: "string", default: "1,20,100" },
      server: { type: "string", default: "next,node" },
      requests: { type: "string" },
    },
  });
  const levels = values.concurrency.split(",").map(Number);
  const servers = values.server.split(",") as Server[];
  await ensureBuilt((line) => process.stderr.write(`${line}\n`));
  const home = await mkdtemp(join(tmpdir(), "alonchat-bench-"));
  const processes = new Processes((name, code) => {
    process.stderr.write(`${name} ended with ${code}\n`);
    process.exit(1);
  });
  const stack = await startStack({ dataDir: home, apiPort: 0, dbPort: 0, throwaway: true });
  try {
    const modelPort = await freePort();
    const model = processes.start(
      "model",
      "tsx",
      [
        "lib/testing/fake-model-server.ts",
        "--port",
        String(modelPort),
        ...Object.entries(MODEL).map(([key, value]) => `--${kebab(key)}=${value}`),
      ],
      process.env,
      "file",
    );
    const modelUrl = `http://127.0.0.1:${modelPort}`;
    await waitForHttp(modelUrl, "The fake model");
    const env = {
      ...process.env,
      ...stack.env,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      RATE_LIMIT_ENABLED: "false",
      OPENAI_COMPATIBLE_BASE_URL: `${modelUrl}/v1`,
      CHAT_MODEL: "compatible/fake",
      EMBEDDING_MODEL: "local/hash-384",
      HOST: "127.0.0.1",
    };
    const agent = await sampleAgent(env);
    const postgres = await prepare(stack.ownerDatabaseUrl);
    const results = [];
    for (const server of servers) {
      const port = await freePort();
      const appUrl = `http://127.0.0.1:${port}`;
      const child = processes.start(
        server,
        ...command(server, port),
        { ...env, APP_URL: appUrl, PORT: String(port) },
        "file",
      );
      await waitForHttp(`${appUrl}/health`, server);
      const viaApp = (n: number) => ask(appUrl, agent.publicId, agent.questions[n % agent.questions.length]!);
      await load(20, 200, viaApp);
      for (const concurrency of levels) {
        const total = values.requests ? Number(values.requests) : Math.max(100, concurrency * 15);
        const own = await load(concurrency, total, () => askModel(modelUrl));
        const cpu = watchCpu({ web: child.pid!, postgres, model: model.pid! });
        const through = await load(concurrency, total, viaApp);
        results.push({ ...row(server, concurrency, own, through), cpuMsPerRequest: cpu(total) });
        if (!values.json) process.stdout.write(`${line(results.at(-1)!)}\n`);
      }
      const gone = new Promise((resolve) => child.once("exit", resolve));
      processes.release(child);
      child.kill("SIGTERM");
      await gone;
    }
    if (values.json) process.stdout.write(`${JSON.stringify({ bench: "chat", model: MODEL, results })}\n`);
  } finally {
    await processes.stop();
    await stack.stop();
    await rm(home, { recursive: true, force: true });
    await dispatcher.close();
  }
}

/**
 * Lets every question reach the model, and gives the planner the statistics that autovacuum gathers within the first minutes of a table.
 * Returns the process id of Postgres.
 */
async function prepare(ownerUrl: string): Promise<number> {
  const owner = connectOwner(ownerUrl);
  await owner.query("update agent_versions set settings = settings || '{\"confidenceThreshold\": 0}'");
  await owner.query("analyze public.agents, public.chunks, public.pages, public.lex_terms, public.lex_agents");
  const { rows } = await owner.query<{ pid: number }>("select pg_backend_pid() as pid");
  await owner.end();
  return postmasterOf(rows[0]!.pid);
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function command(server: Server, port: number): [string, string[]] {
  const [name, ...args] = SERVERS[server];
  return [name, server === "next" ? [...args, "--port", String(port), "--hostname", "127.0.0.1"] : args];
}

const row = (server: Server, concurrency: number, own: LoadResult, through: LoadResult) => ({
  server,
  concurrency,
  requests: through.requests,
  errors: through.errors + own.errors,
  modelRequestsPerSecond: own.requestsPerSecond,
  requestsPerSecond: through.requestsPerSecond,
  shareOfModel: round(through.requestsPerSecond / own.requestsPerSecond, 2),
  modelFirstTokenMs: own.firstMs,
  firstTokenMs: through.firstMs,
  addedFirstTokenMs: {
    p50: round(through.firstMs.p50 - own.firstMs.p50),
    p95: round(through.firstMs.p95 - own.firstMs.p95),
  },
});

const line = (r: ReturnType<typeof row> & { cpuMsPerRequest: object | null }): string =>
  `${r.server.padEnd(5)} ${String(r.concurrency).padStart(4)} at once: first token +${r.addedFirstTokenMs.p50} ms p50, +${r.addedFirstTokenMs.p95} ms p95 over the model's own ${r.modelFirstTokenMs.p95}; ${r.requestsPerSecond} req/s = ${r.shareOfModel} of the model's ${r.modelRequestsPerSecond}; ${r.errors} errors; CPU ms a request ${JSON.stringify(r.cpuMsPerRequest)}`;

/** One question as the widget asks it. @throws Error when the answer does not end with `done` */
async function ask(appUrl: string, publicId: string, text: string): Promise<Timed> {
  const startedAt = performance.now();
  const { statusCode, body } = await request(`${appUrl}/api/widget/v1/agents/${publicId}/messages`, {
    method: "POST",
    dispatcher,
    headers: {
      origin: appUrl,
      "content-type": "application/json",
      "x-alonchat-visitor": randomBytes(16).toString("hex"),
    },
    body: JSON.stringify({ conversationId: randomUUID(), messageId: randomUUID(), text }),
  });
  let firstMs = Number.NaN;
  let all = "";
  for await (const piece of body) {
    all += piece;
    if (Number.isNaN(firstMs) && all.includes("event: delta")) firstMs = performance.now() - startedAt;
  }
  if (statusCode !== 200 || !all.includes('event: done\ndata: {"status":"complete"'))
    throw new Error(`status ${statusCode}: ${all.slice(-400)}`);
  return { firstMs, totalMs: performance.now() - startedAt };
}

/** The same stream from the model itself, with a prompt of about the size that the product sends. */
async function askModel(modelUrl: string): Promise<Timed> {
  const startedAt = performance.now();
  const { statusCode, body } = await request(`${modelUrl}/v1/chat/completions`, {
    method: "POST",
    dispatcher,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "fake", stream: true, messages: [{ role: "user", content: PROMPT }] }),
  });
  let firstMs = Number.NaN;
  for await (const _piece of body) if (Number.isNaN(firstMs)) firstMs = performance.now() - startedAt;
  if (statusCode !== 200) throw new Error(`the model answered ${statusCode}`);
  return { firstMs, totalMs: performance.now() - startedAt };
}

const PROMPT = "A passage of the help centre, as long as those that come with a question. ".repeat(90);
