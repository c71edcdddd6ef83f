import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Agent, request } from "undici";
import { watchCpu } from "./cpu";
import { percentiles, round } from "./load";
import { type Product, type Server, withProduct } from "./product";

/** What the model says comes 20 times a second; with many answers open the product joins pieces (see core/pace.ts). */
const TOKEN_MS = 50;
/** Of so many streams the connection is cut once in the middle, and read on from the last event. */
const CUT_EVERY = 20;
/** Before anything is measured. */
const WARM_UP = { streams: 300, pauseMs: 50 };
const USAGE_HEADER = "x-alonchat-visitor";

const dispatcher = new Agent({ connections: null, pipelining: 1, bodyTimeout: 0, headersTimeout: 0 });

interface Read {
  events: number;
  text: string;
  lastId: string;
  answerId: string;
  isDone: boolean;
}

/**
 * Many answers open at once, each a piece of text every 50 ms: errors, the time to the first event, memory. Some connections are cut and read on.
 * The load client, the model, the web process and Postgres share the machine.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: "boolean", default: false },
      streams: { type: "string", default: "1000" },
      /** They begin one after the other within this time. */
      ramp: { type: "string", default: "25" },
      /** How long each answer is, in tokens: longer than the ramp, so that all are open at once. */
      tokens: { type: "string", default: "800" },
      server: { type: "string", default: "node" },
    },
  });
  const model = { tokens: Number(values.tokens), firstTokenMs: TOKEN_MS, tokenMs: TOKEN_MS };
  const plan = { streams: Number(values.streams), rampMs: Number(values.ramp) * 1_000 };
  // What is measured is streams, so the budget of a request must not cut them.
  const env = { BUDGET_STEP_MS: "180000", BUDGET_TOKENS: "100000" };
  await withProduct(model, env, async (product) => {
    const result = await measure(product, values.server as Server, plan);
    process.stdout.write(
      values.json ? `${JSON.stringify({ bench: "streams", model, ...result })}\n` : `${asText(result)}\n`,
    );
  });
  await dispatcher.close();
}

async function measure(product: Product, server: Server, { streams, rampMs }: { streams: number; rampMs: number }) {
  const web = await product.startWeb(server);
  const { agent, pids } = product;
  const firstMs: number[] = [];
  let open = 0;
  let mostOpen = 0;
  let events = 0;
  let errors = 0;
  let cut = 0;
  let torn = 0;
  // A process that has just started is still compiling, and has told the planner nothing yet.
  await Promise.all(
    Array.from({ length: WARM_UP.streams }, async (_, n) => {
      await pause(n * WARM_UP.pauseMs);
      const { body } = await post(web.url, agent.publicId, agent.questions[n % agent.questions.length]!);
      await body.dump();
    }),
  );
  await product.vacuum();
  const cpu = watchCpu({ web: web.pid, postgres: pids.postgres, model: pids.model });
  const startedAt = performance.now();
  let fullAt = 0;
  let eventsAtFull = 0;
  let leftAt = 0;
  let eventsAtLeft = 0;
  await Promise.all(
    Array.from({ length: streams }, async (_, n) => {
      await pause((n * rampMs) / streams);
      const askedAt = performance.now();
      const count = () => {
        events++;
      };
      try {
        const visitor = randomBytes(16).toString("hex");
        const response = await post(web.url, agent.publicId, agent.questions[n % agent.questions.length]!, visitor);
        mostOpen = Math.max(mostOpen, ++open);
        if (open === streams) [fullAt, eventsAtFull] = [performance.now(), events];
        const isCut = n % CUT_EVERY === 0;
        const heard = await read(response.body, count, {
          onFirst: () => firstMs.push(performance.now() - askedAt),
          until: isCut ? 200 : Number.POSITIVE_INFINITY,
        });
        if (isCut) {
          cut++;
          const path = `${web.url}/api/widget/v1/agents/${agent.publicId}/answers/${heard.answerId}/events`;
          const headers = { origin: web.url, [USAGE_HEADER]: visitor };
          const rest = await request(`${path}?after=${heard.lastId}`, { dispatcher, headers });
          const further = await read(rest.body, count, {});
          const whole = await read((await request(path, { dispatcher, headers })).body, () => {}, {});
          if (heard.text + further.text !== whole.text) torn++;
          heard.isDone = further.isDone;
        }
        if (!heard.isDone) throw new Error(`a stream ended without done after ${heard.events} events`);
      } catch (error) {
        errors++;
        if (errors === 1) process.stderr.write(`first error: ${error instanceof Error ? error.message : error}\n`);
      } finally {
        if (open === streams) [leftAt, eventsAtLeft] = [performance.now(), events];
        open--;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const result = {
    server,
    streams,
    openAtOnce: mostOpen,
    errors,
    firstEventMs: percentiles(firstMs),
    /** While all were open. */
    eventsPerSecondAStream: round((eventsAtLeft - eventsAtFull) / ((leftAt - fullAt) / 1_000) / streams),
    events,
    seconds: round(seconds),
    cut,
    torn,
    rssMebibytes: peakMebibytes(web.pid),
    cpuMsPerStream: cpu(streams),
  };
  await web.stop();
  return result;
}

function post(appUrl: string, publicId: string, text: string, visitor = randomBytes(16).toString("hex")) {
  return request(`${appUrl}/api/widget/v1/agents/${publicId}/messages`, {
    method: "POST",
    dispatcher,
    headers: { origin: appUrl, "content-type": "application/json", [USAGE_HEADER]: visitor },
    body: JSON.stringify({ conversationId: randomUUID(), messageId: randomUUID(), text }),
  }).then((response) => {
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    return response;
  });
}

/** Reads events to their end, or so many: then the connection is cut. */
async function read(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  count: () => void,
  { onFirst, until = Number.POSITIVE_INFINITY }: { onFirst?: () => void; until?: number },
): Promise<Read> {
  const heard: Read = { events: 0, text: "", lastId: "", answerId: "", isDone: false };
  let held = "";
  for await (const piece of body) {
    held += piece;
    const frames = held.split("\n\n");
    held = frames.pop()!;
    for (const frame of frames) {
      const [, id, event, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(frame)!;
      if (heard.events === 0) onFirst?.();
      heard.events++;
      count();
      heard.lastId = id!;
      if (event === "start") heard.answerId = JSON.parse(data!).answerId;
      else if (event === "delta") heard.text += JSON.parse(data!).text;
      else if (event === "done") heard.isDone = true;
      if (heard.events >= until) {
        body.destroy();
        return heard;
      }
    }
  }
  return heard;
}

/** The most memory that a process has held, as Linux counts it; null elsewhere. */
function peakMebibytes(pid: number): number | null {
  if (process.platform !== "linux") return null;
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return peak ? Math.round(Number(peak[1]) / 1_024) : null;
}

const asText = (r: Awaited<ReturnType<typeof measure>>): string =>
  `${r.server}: ${r.openAtOnce} of ${r.streams} streams open at once for ${r.seconds} s, ${r.errors} errors; first event p50 ${r.firstEventMs.p50} ms, p95 ${r.firstEventMs.p95} ms; ${r.eventsPerSecondAStream} events/s a stream, ${r.events} in all; ${r.cut} connections cut and read on, ${r.torn} texts torn; ${r.rssMebibytes} MiB at most; CPU ms a stream ${JSON.stringify(r.cpuMsPerStream)}`;
