import { AppError } from "@/lib/core/errors";

const UNREACHABLE = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
];
const GUIDE = 'docs/deploy.md, "When something is wrong", has the usual causes.';

/**
 * Why a process could not start, for whoever reads its terminal or its log. Never shown to visitors or members.
 * @param portVariable moves the port that this process listens on
 * @returns sentences that say what to do, or the stack of what nobody foresaw
 */
export function startFailure(error: unknown, portVariable: "PORT" | "WORKER_PORT"): string {
  if (error instanceof AppError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, address, hostname, port } = error as Error & Record<"code" | "address" | "hostname" | "port", unknown>;
  if (code === "EADDRINUSE" || code === "EACCES")
    return `Port ${port} cannot be listened on (${code}). End what listens there, or choose another: ${portVariable}=${Number(port) + 100}.`;
  if (UNREACHABLE.includes(String(code)))
    return `Nobody answers at ${[address ?? hostname ?? "the given address", port].filter(Boolean).join(":")} (${code}). Check the hosts and ports of DATABASE_URL and QUEUE_URL. ${GUIDE}`;
  if (code === "28P01" || code === "28000")
    return `Postgres refused the user or password of DATABASE_URL or QUEUE_URL: ${error.message}. ${GUIDE}`;
  if (code === "3D000")
    return `The database that DATABASE_URL or QUEUE_URL names is not there: ${error.message}. ${GUIDE}`;
  return error.stack ?? error.message;
}
