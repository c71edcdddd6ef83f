/** What one command started. It ends in the opposite order and once, whatever ends it first: a signal, a process, the command itself. */
export class Lifetime {
  private readonly undo: (() => Promise<unknown>)[] = [];
  private stopping = false;

  /** @param onSignal told at the first Ctrl-C or SIGTERM, before things are stopped */
  constructor(onSignal: () => void = () => {}) {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.on(signal, () => {
        if (!this.stopping) onSignal();
        void this.stop(0);
      });
  }

  /** Registers how to end something that was just started. */
  add(stop: () => Promise<unknown>): void {
    this.undo.push(stop);
  }

  /** Ends everything and then the process. One thing that cannot be ended keeps nothing else from it. */
  async stop(code: number): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    for (const step of this.undo.reverse()) await step().catch(() => {});
    process.exit(code);
  }
}

/** What went wrong and, where the error knows it, what to do about it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "fix" in error ? `${error.message}\n  → ${String(error.fix)}` : error.message;
}
