import { existsSync } from "node:fs";

/**
 * Reads `.env` of the folder that the command runs in: model keys, ports, a hosted project. What the shell sets goes before it.
 * For the commands of one machine; in production the environment is given from outside.
 */
export function loadDotEnv(): void {
  if (existsSync(".env")) process.loadEnvFile(".env");
}
