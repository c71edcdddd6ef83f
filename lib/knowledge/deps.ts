import type { Db } from "@/lib/db/pool";
import type { Gateway } from "@/lib/llm";
import type { Queues } from "@/lib/queue";

/** What keeping an agent's indexes needs from outside. */
export interface KnowledgeDeps {
  db: Db;
  queues: Queues;
  gateway: Gateway;
  config: {
    /** Set in tests only: the name of the step after which the process ends itself. */
    crashAt?: string | undefined;
  };
}
