import { createServer } from "node:net";
import { StackError } from "./errors";

/** A TCP port of 127.0.0.1 that nobody listens on right now. */
export async function freePort(): Promise<number> {
  return listenOnce(0);
}

/** @throws StackError "port_taken" with the variable that moves it */
export async function checkPort(port: number, what: string, variable: string): Promise<number> {
  try {
    return await listenOnce(port);
  } catch (cause) {
    throw portTaken(port, what, variable, cause);
  }
}

export function portTaken(port: number, what: string, variable: string, cause?: unknown): StackError {
  return new StackError(
    "port_taken",
    `Port ${port}, meant for ${what}, is in use by another program.`,
    `Stop that program, or choose another port: ${variable}=${port + 100}`,
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
