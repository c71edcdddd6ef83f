import { log } from "@/lib/core/log";
import { call, type Db } from "@/lib/db/pool";
import { BUILT_IN_CATALOG, type Catalog } from "@/lib/llm";
import { catalogFromRows } from "./rows";

/** How old what a process knows may be: a change is in force everywhere this much later. */
const READ_EVERY_MS = 5_000;

/**
 * The registry of models as one process knows it. No answer waits for it: it is read beside them, every few seconds, and while the database
 * cannot be asked what was read last holds; before the first time what the product itself knows.
 */
export class ModelRegistry {
  private catalog = BUILT_IN_CATALOG;
  /** As it was read, to tell whether anything changed. */
  private read = "";
  private reading: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isFailing = false;

  constructor(private readonly db: Db) {}

  /** Of the same object as long as nothing changed. */
  get current(): Catalog {
    return this.catalog;
  }

  /** Reads it now and from now on. Keeps no process alive. */
  start(): void {
    this.timer ??= setInterval(() => void this.refresh(), READ_EVERY_MS).unref();
    void this.refresh();
  }

  /** Reads it now: for whoever changed it, and for pages that show it. Never throws. */
  async refresh(): Promise<void> {
    // One that began before a change may not hold it, so it is waited for and another one made.
    await this.reading;
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    await this.reading;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.reading;
  }

  private async readNow(): Promise<void> {
    try {
      const rows = await call<unknown>(this.db, "list_models", {});
      const read = JSON.stringify(rows);
      if (read !== this.read) {
        const catalog = catalogFromRows(rows, (model) => log.error({ event: "models.row_unreadable", model }));
        // A change is news; what a process starts with is not.
        const level = this.read === "" ? "debug" : "info";
        [this.catalog, this.read] = [catalog, read];
        log[level]({ event: "models.read", chat: catalog.chat.length, embedding: catalog.embedding.length });
      }
      this.isFailing = false;
    } catch (error) {
      // Said once an outage; answers go on with what is known.
      if (!this.isFailing) log.warn({ event: "models.not_read", reason: (error as Error).message });
      this.isFailing = true;
    }
  }
}
