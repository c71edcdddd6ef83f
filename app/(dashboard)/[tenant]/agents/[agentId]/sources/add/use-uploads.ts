import { useRef, useState } from "react";
import type { ActionResult } from "@/components/action-result";
import type { AllowedUpload } from "@/lib/files/schema";
import { confirmUpload, requestUploads } from "./actions";

export interface Upload {
  key: number;
  name: string;
  sizeBytes: number;
  /** waiting for its turn, uploading, being confirmed, handed to the workers, or refused. */
  state: "waiting" | "uploading" | "confirming" | "done" | "failed";
  percent: number;
  reason?: string;
}

const AT_ONCE = 3;
const OFFLINE = "The connection was lost. Try again.";

/** Uploads files straight to Storage, each with its own progress and its own failure. */
export function useUploads(options: {
  tenant: string;
  agentId: string;
  sourceId?: string | undefined;
  maxBytes: number;
}) {
  const { tenant, agentId, maxBytes } = options;
  const [uploads, setUploads] = useState<Upload[]>([]);
  const [sourceId, setSourceId] = useState(options.sourceId);
  const source = useRef(options.sourceId);
  const files = useRef(new Map<number, File>());
  const keys = useRef(0);
  // One batch after the other, so that the second goes into the source that the first made.
  const line = useRef(Promise.resolve());

  const change = (key: number, part: Partial<Upload>) =>
    setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, ...part } : upload)));
  const fail = (key: number, reason: string) => change(key, { state: "failed", reason });

  async function run(batch: { key: number; file: File }[]): Promise<void> {
    const asked = await settled(() =>
      requestUploads(tenant, {
        agentId,
        ...(source.current === undefined ? {} : { sourceId: source.current }),
        files: batch.map(({ file }) => ({ name: file.name, sizeBytes: file.size })),
      }),
    );
    if (!asked.ok) {
      for (const { key } of batch) fail(key, asked.message);
      return;
    }
    source.current = asked.data.sourceId;
    const waiting = batch.map(({ key, file }, i) => ({ key, file, allowed: asked.data.uploads[i]! }));
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await one(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    setSourceId(source.current);
  }

  async function one({ key, file, allowed }: { key: number; file: File; allowed: AllowedUpload }): Promise<void> {
    change(key, { state: "uploading" });
    const problem = await put(allowed.url, file, (percent) => change(key, { percent }));
    if (problem) return fail(key, problem);
    change(key, { state: "confirming", percent: 100 });
    const confirmed = await settled(() => confirmUpload(tenant, { fileId: allowed.fileId }));
    if (confirmed.ok) change(key, { state: "done" });
    else fail(key, confirmed.message);
  }

  function add(chosen: File[]): void {
    const batch = chosen.map((file) => ({ key: ++keys.current, file }));
    for (const { key, file } of batch) files.current.set(key, file);
    const megabytes = Math.floor(maxBytes / 1024 / 1024);
    const reasonOf = ({ size }: File) =>
      size === 0 ? "This file is empty." : size > maxBytes ? `This file is larger than ${megabytes} MB.` : undefined;
    setUploads((all) => [
      ...all,
      ...batch.map(({ key, file }): Upload => {
        const reason = reasonOf(file);
        const base = { key, name: file.name, sizeBytes: file.size, percent: 0 };
        return reason ? { ...base, state: "failed", reason } : { ...base, state: "waiting" };
      }),
    ]);
    start(batch.filter(({ file }) => !reasonOf(file)));
  }

  function start(batch: { key: number; file: File }[]): void {
    if (batch.length > 0) line.current = line.current.then(() => run(batch));
  }

  function retry(key: number): void {
    const file = files.current.get(key);
    if (!file) return;
    change(key, { state: "waiting", percent: 0 });
    start([{ key, file }]);
  }

  return { uploads, sourceId, add, retry };
}

/** A broken connection is a failure of one file, not of the page. */
async function settled<T>(work: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  try {
    return await work();
  } catch {
    return { ok: false, code: "offline", message: OFFLINE };
  }
}

/** Puts a file where it was allowed to; returns what went wrong. XMLHttpRequest, because fetch tells nothing of its progress. */
function put(url: string, file: File, onProgress: (percent: number) => void): Promise<string | undefined> {
  return new Promise((resolve) => {
    // biome-ignore lint/style/noRestrictedGlobals: the member's own browser, to our own Storage
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("x-upsert", "false");
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? Math.floor((loaded / total) * 100) : 0);
    request.onload = () =>
      resolve(request.status < 300 ? undefined : `The file storage refused this file (${request.status}). Try again.`);
    request.onerror = () => resolve(OFFLINE);
    request.send(file);
  });
}
