import { readdirSync, readFileSync } from "node:fs";
import { round } from "./load";

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick is. */
const MS_PER_TICK = 10;

/**
 * Processor time of each group of processes, children included, a request in milliseconds: unlike wall time it says the same on a busy
 * machine as on a quiet one. Null where there is no /proc.
 * @param roots the first process of each group; "client" is this process, its children left out
 * @returns ends the measurement: divides what was used since by `requests`
 */
export function watchCpu<Name extends string>(
  roots: Record<Name, number>,
): (requests: number) => Record<Name | "client", number> | null {
  type Group = Name | "client";
  const names = [...(Object.keys(roots) as Name[]), "client"] as Group[];
  const own = () => (process.cpuUsage().user + process.cpuUsage().system) / 1_000;
  const read = () =>
    Object.fromEntries(names.map((name) => [name, name === "client" ? own() : usedMs(roots[name as Name])])) as Record<
      Group,
      number
    >;
  if (process.platform !== "linux") return () => null;
  const before = read();
  return (requests) => {
    const after = read();
    return Object.fromEntries(names.map((name) => [name, round((after[name] - before[name]) / requests, 2)])) as Record<
      Group,
      number
    >;
  };
}

/** The server that a Postgres backend belongs to. */
export const postmasterOf = (backendPid: number): number =>
  process.platform === "linux" ? statOf(backendPid)[1]! : backendPid;

/** Fields of /proc/<pid>/stat from the state on: the name before it stands in brackets and may hold anything. */
const statOf = (pid: number | string): number[] =>
  readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ").map(Number);

/** User and system time of a process and of all that descend from it, the ended ones that were waited for included. */
function usedMs(root: number): number {
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const fields = statOf(entry);
      processes.set(Number(entry), {
        parent: fields[1]!,
        ticks: fields[11]! + fields[12]! + fields[13]! + fields[14]!,
      });
    } catch {
      // It ended while the list was read.
    }
  }
  const belongs = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = processes.get(pid)?.parent;
    return parent !== undefined && parent > 1 && belongs(parent);
  };
  return [...processes].filter(([pid]) => belongs(pid)).reduce((sum, [, { ticks }]) => sum + ticks, 0) * MS_PER_TICK;
}
