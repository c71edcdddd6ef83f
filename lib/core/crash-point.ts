/** Ends the process on the spot when a test asked for it at this step: how a kill at the worst moment is tried out. */
export function crashPoint(deps: { config: { crashAt?: string | undefined } }, step: string): void {
  if (deps.config.crashAt === step) process.kill(process.pid, "SIGKILL");
}
