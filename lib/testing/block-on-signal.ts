import { existsSync, writeFileSync } from "node:fs";

// Loaded into a process with `--import`: SIGUSR2 blocks its event loop, as an endless computation would, until the file named by
// BLOCKED_WHILE is gone. Nothing runs meanwhile: no timers, no sockets, no renewal of locks.
process.on("SIGUSR2", () => {
  const file = process.env.BLOCKED_WHILE ?? "";
  writeFileSync(`${file}.blocked`, "");
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(file)) Atomics.wait(cell, 0, 0, 50);
});
