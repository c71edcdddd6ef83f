import { readdir, readFile } from "node:fs/promises";

const KIBIBYTE = 1024;

/**
 * Memory of a process and all that descend from it, in bytes: what is theirs alone plus what they share by mapping, without the
 * files of the program. Null where there is no /proc.
 */
export async function memoryOfTree(rootPid: number): Promise<number | null> {
  const processes = await readdir("/proc").catch(() => null);
  if (!processes) return null;
  const found = new Map<number, { parent: number; bytes: number }>();
  await Promise.all(
    processes
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        // A process that ends in the meantime has no file any more.
        const status = await readFile(`/proc/${name}/status`, "utf8").catch(() => "");
        found.set(Number(name), {
          parent: numberOf(status, "PPid"),
          bytes: (numberOf(status, "RssAnon") + numberOf(status, "RssShmem")) * KIBIBYTE,
        });
      }),
  );
  let sum = 0;
  for (const [pid, { bytes }] of found) if (descendsFrom(pid, rootPid, found)) sum += bytes;
  return sum;
}

const numberOf = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);

function descendsFrom(pid: number, rootPid: number, processes: ReadonlyMap<number, { parent: number }>): boolean {
  for (let at = pid, steps = 0; at > 1 && steps < 64; steps++) {
    if (at === rootPid) return true;
    at = processes.get(at)?.parent ?? 0;
  }
  return false;
}
