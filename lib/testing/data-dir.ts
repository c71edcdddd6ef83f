import { existsSync } from "node:fs";
import { resolve } from "node:path";

/**
 * The folder of development data (`README.md`, `robots/`, `security/`, …) that table tests and benchmarks read, or undefined
 * when this machine has none. It lies beside the repository, at `../shared/data`; `ALONCHAT_DATA_DIR` names another place.
 */
export function dataDir(): string | undefined {
  const folder = process.env.ALONCHAT_DATA_DIR || resolve(import.meta.dirname, "../../../shared/data");
  return existsSync(folder) ? folder : undefined;
}
