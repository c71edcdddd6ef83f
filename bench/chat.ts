import { randomBytes, randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { Agent, request } from "undici";
import { watchCpu } from "./cpu";
import { type LoadResult, load, round, type Timed } from "./load";
import { type Server, withProduct } from "./product";

/** 60 tokens, the first after 50 ms, then one every 5 ms. */
const PACE = { tokens: 60, firstTokenMs: 50, tokenMs: 5 };

const ANSWER_MS = PACE.firstTokenMs + PACE.tokens * PACE.tokenMs;

/** A minute of such load: after the first 2,000 an answer still costs a tenth more than after these, since V8 has not compiled all of it. */
const WARM_UP_REQUESTS = 10_000;

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
      // The model says what no source does: each answer is marked, and noted as a gap of the knowledge.
      unsupported: { type: "boolean", default: false },
      requests: { type: "string" },
    },
  });
  const model = { ...PACE, words: values.unsupported ? ("filler" as const) : ("source" as const) };
  const levels = values.concurrency.split(",").map(Number);
  const results: (ReturnType<typeof row> & { cpuMsPerRequest: object | null })[] = [];
  await withProduct(model, {}, async ({ agent, modelUrl, pids, vacuum, startWeb }) => {
    for (const server of values.server.split(",") as Server[]) {
      const web = await startWeb(server);
      const viaApp = (n: number) => ask(web.url, agent.publicId, agent.questions[n % agent.questions.length]!);
      // The figures are of a process that has been running for a while.
      await load(50, WARM_UP_REQUESTS, viaApp, ANSWER_MS);
      await vacuum();
      await load(50, 200, viaApp, ANSWER_MS);
      for (const concurrency of levels) {
        const total = values.requests ? Number(values.requests) : Math.max(100, concurrency * 30);
        const own = await load(concurrency, total, () => askModel(modelUrl), ANSWER_MS);
        const cpu = watchCpu({ web: web.pid, ...pids });
        const through = await load(concurrency, total, viaApp, ANSWER_MS);
        results.push({ ...row(server, concurrency, own, through), cpuMsPerRequest: cpu(total) });
        if (!values.json) process.stdout.write(`${line(results.at(-1)!)}\n`);
      }
      await web.stop();
    }
  });
  if (values.json) process.stdout.write(`${JSON.stringify({ bench: "chat", model, results })}\n`);
  await dispatcher.close();
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
