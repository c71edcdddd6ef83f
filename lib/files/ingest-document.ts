import { embedPageJob } from "@/lib/crawl/jobs";
import type { RunAgain } from "@/lib/queue";
import type { FilesDeps } from "./deps";
import { parseInSandbox } from "./parse/sandbox";
import { type DocumentRef, type Parse, readDocument } from "./read-document";

export type { Parse };

/** Reads one file, text or list of questions on a worker, and leaves its passages to be embedded by a job. */
export const ingestDocument = (
  deps: FilesDeps,
  ref: DocumentRef,
  signal: AbortSignal,
  parse: Parse = parseInSandbox,
): Promise<RunAgain | undefined> =>
  readDocument(deps, ref, signal, {
    parse,
    embed: (version, place) => deps.queues.add(embedPageJob, version, { place }),
  });
