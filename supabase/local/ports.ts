import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { StackError } from "./errors";

/** Every port that something of ours listens on, and the variable that moves it. */
export const PORTS = {
  api: { what: "the Supabase API", variable: "LOCAL_API_PORT", fallback: 54_321 },
  database: { what: "Postgres", variable: "LOCAL_DB_PORT", fallback: 54_329 },
  web: { what: "the web app", variable: "PORT", fallback: 3_000 },
  worker: { what: "the worker", variable: "WORKER_PORT", fallback: 3_001 },
  sampleSite: { what: "the sample site", variable: "SAMPLE_PORT", fallback: 4_400 },
} as const;
export type PortName = keyof typeof PORTS;

/** The port that the environment wishes for something. @throws StackError "port_invalid" */
export function wantedPort(name: PortName): number {
  const { variable, fallback } = PORTS[name];
  const text = process.env[variable];
  if (!text) return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new StackError(
    "port_invalid",
    `${variable}=${text} is not a port number.`,
    `Choose one from 1024 to 65535, or unset ${variable}.`,
  );
}

/** Below those that systems give to outgoing connections (Linux from 32768 on), above those that programs are known by. */
const FREE_FROM = 20_000;
const FREE_COUNT = 12_000;

/**
 * A TCP port of 127.0.0.1 that nobody listens on right now. One that the system chose might be given to an outgoing
 * connection before its server starts, or while it is away for a moment.
 */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = FREE_FROM + randomInt(FREE_COUNT);
    try {
      return await listenOnce(port);
    } catch (error) {
      if (tries === 50) throw error;
    }
  }
}

/** @throws StackError "port_taken" with the variable that moves it */
export async function checkPort(port: number, name: PortName): Promise<number> {
  try {
    return await listenOnce(port);
  } catch (cause) {
    throw portTaken(port, name, cause);
  }
}

export function portTaken(port: number, name: PortName, cause?: unknown): StackError {
  const { what, variable } = PORTS[name];
  const other = port + 100 <= 65_535 ? port + 100 : port - 100;
  return new StackError(
    "port_taken",
    `Port ${port}, meant for ${what}, is in use by another program.`,
    `Stop that program, or choose another port: ${variable}=${other}`,
    { cause },
  );
}

export async function isPortFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}
