import { connectOwner } from "@/deploy/local/admin";
import { ensureBuilt } from "@/deploy/local/build";
import { Processes } from "@/deploy/local/processes";
import { freePort } from "@/supabase/local/ports";
import { startStack } from "@/supabase/local/stack";
import { postmasterOf } from "./cpu";
import { type SampleAgent, sampleAgent } from "./knowledge";

/** `next`: the route handler in `next start`; `node`: the handler beside Next in `npm start`. */
const SERVERS = { next: ["next", "start"], node: ["node", "dist/server.js"] } as const;
export type Server = keyof typeof SERVERS;

interface FakeModel {
  tokens: number;
  firstTokenMs: number;
  tokenMs: number;
  words?: "filler" | "source";
}

export interface Product {
  agent: SampleAgent;
  modelUrl: string;
  pids: { postgres: number; model: number };
  /** What autovacuum does within the first minutes of traffic: dead rows go, the planner gets statistics. To be called after some of it. */
  vacuum(): Promise<void>;
  /** One web process, until it is stopped. */
  startWeb(server: Server): Promise<{ url: string; pid: number; stop(): Promise<void> }>;
}

/**
 * The built product with a fake model and an agent that knows the sample site, on free ports and a stack that is thrown away.
 * @param env beside what the stack and the model need
 */
export async function withProduct(
  model: FakeModel,
  env: Record<string, string>,
  measure: (product: Product) => Promise<void>,
): Promise<void> {
  await ensureBuilt((line) => process.stderr.write(`${line}\n`));
  const processes = new Processes((name, code, lastWords) => {
    process.stderr.write(`${name} ended with ${code}:\n${lastWords}\n`);
    process.exit(1);
  });
  const stack = await startStack({ apiPort: 0, dbPort: 0, throwaway: true });
  try {
    const modelPort = await freePort();
    const modelProcess = processes.start(
      "model",
      "tsx",
      [
        "lib/testing/fake-model-server.ts",
        "--port",
        String(modelPort),
        ...Object.entries(model).map(([key, value]) => `--${kebab(key)}=${value}`),
      ],
      process.env,
      "file",
    );
    const modelUrl = `http://127.0.0.1:${modelPort}`;
    await processes.waitForHttp(modelProcess, modelUrl, "The fake model");
    const full = {
      ...process.env,
      ...stack.env,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      RATE_LIMIT_ENABLED: "false",
      OPENAI_COMPATIBLE_BASE_URL: `${modelUrl}/v1`,
      CHAT_MODEL: "compatible/fake",
      EMBEDDING_MODEL: "local/hash-384",
      HOST: "127.0.0.1",
      ...env,
    };
    const agent = await sampleAgent(full);
    const postgres = await prepare(stack.ownerDatabaseUrl);
    await measure({
      agent,
      modelUrl,
      pids: { postgres, model: modelProcess.pid! },
      vacuum: () => asOwner(stack.ownerDatabaseUrl, async (owner) => void (await owner.query("vacuum (analyze)"))),
      async startWeb(server) {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const child = processes.start(
          server,
          ...command(server, port),
          { ...full, APP_URL: url, PORT: String(port) },
          "file",
        );
        await processes.waitForHttp(child, `${url}/health`, server);
        return {
          url,
          pid: child.pid!,
          async stop() {
            const gone = new Promise((resolve) => child.once("exit", resolve));
            processes.release(child);
            child.kill("SIGTERM");
            await gone;
          },
        };
      },
    });
  } finally {
    await processes.stop();
    await stack.stop();
  }
}

/** Lets every question reach the model. Returns the process id of Postgres. */
const prepare = (ownerUrl: string): Promise<number> =>
  asOwner(ownerUrl, async (owner) => {
    await owner.query("update agent_versions set settings = settings || '{\"confidenceThreshold\": 0}'");
    const { rows } = await owner.query<{ pid: number }>("select pg_backend_pid() as pid");
    return postmasterOf(rows[0]!.pid);
  });

async function asOwner<T>(ownerUrl: string, work: (owner: ReturnType<typeof connectOwner>) => Promise<T>): Promise<T> {
  const owner = connectOwner(ownerUrl);
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function command(server: Server, port: number): [string, string[]] {
  const [name, ...args] = SERVERS[server];
  return [name, server === "next" ? [...args, "--port", String(port), "--hostname", "127.0.0.1"] : args];
}
