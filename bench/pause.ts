import { createInterface } from "node:readline";

/** Waits for a line on standard input: filling may run beside other work, measuring wants the machine for itself. */
export async function untilTold(): Promise<void> {
  process.stderr.write("Filled; Enter begins to measure.\n");
  const lines = createInterface({ input: process.stdin });
  await new Promise((resolve) => lines.once("line", resolve).once("close", resolve));
  lines.close();
}
