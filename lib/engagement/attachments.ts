import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileTypeFromBuffer } from "file-type";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import { FileProblem, scanFile } from "@/lib/files";
import type { ObjectStorage } from "@/lib/storage";
import { type EngagementDeps, type Members, readError } from "./deps";
import { MAX_ATTACHMENT_BYTES, type PostAttachment } from "./schema";
import { enter, refusal, type Visitor } from "./visitor";

/** What may be sent, by its content, with the endings that a name may promise. */
const TAKEN: Record<string, readonly string[]> = {
  "image/png": ["png"],
  "image/jpeg": ["jpg", "jpeg"],
  "image/gif": ["gif"],
  "image/webp": ["webp"],
  "application/pdf": ["pdf"],
  "text/plain": ["txt", "log", "csv", "md"],
};
const LINK_SECONDS = 60;

type Allowed = { id: string; url: string };

/**
 * Allows a visitor's browser to put one file into Storage, under a path that only the database decides.
 * @throws AppError "conflict" without Storage, "not_found" where the agent takes no files
 */
export async function allowAttachment(
  deps: EngagementDeps,
  visitor: Visitor,
  { conversationId, name, sizeBytes }: PostAttachment & { conversationId: string },
): Promise<Allowed> {
  const storage = needStorage(deps.storage);
  const { id, path } = await enter(
    deps,
    "add_attachment",
    visitor,
    { conversation_id: conversationId, name, size_bytes: sizeBytes },
    z.object({ id: z.uuid(), path: z.string() }),
  );
  return { id, url: await storage.uploadLink(path) };
}

const Known = z.object({
  status: z.literal("ok"),
  tenantId: z.uuid(),
  name: z.string(),
  path: z.string(),
  sizeBytes: z.coerce.number(),
  state: z.enum(["allowed", "ready"]),
  type: z.string().nullable(),
});

/**
 * The browser has put the file there: it is looked at. Who answers sees it only after that. Saying it again says the same.
 * @throws AppError "unsupported_content", "content_too_large": then the file is gone; "conflict" when it has not arrived
 */
export async function confirmAttachment(
  deps: EngagementDeps,
  visitor: Visitor,
  { conversationId, attachmentId }: { conversationId: string; attachmentId: string },
): Promise<{ id: string; name: string; sizeBytes: number; type: string }> {
  const storage = needStorage(deps.storage);
  const answer = await call<{ status: string }>(deps.db, "attachment", {
    public_id: visitor.publicId,
    origin: visitor.origin,
    app_origin: deps.appOrigin,
    visitor_hash: visitor.visitorHash,
    conversation_id: conversationId,
    attachment_id: attachmentId,
  });
  if (answer.status !== "ok") throw refusal({ status: "not_found" }, visitor.origin);
  const file = Known.parse(answer);
  if (file.state === "ready") return { id: attachmentId, name: file.name, sizeBytes: file.sizeBytes, type: file.type! };
  const settle = (type: string | null, sizeBytes: number) =>
    call(deps.db, "settle_attachment", {
      tenant_id: file.tenantId,
      attachment_id: attachmentId,
      media_type: type,
      size_bytes: sizeBytes,
    });
  try {
    const { type, sizeBytes } = await inspect(deps, storage, file);
    await settle(type, sizeBytes);
    return { id: attachmentId, name: file.name, sizeBytes, type };
  } catch (error) {
    if (!(error instanceof AppError) || error.policy.retry || error.code === "conflict") throw error;
    log.info({ event: "engagement.attachment_refused", tenantId: file.tenantId, code: error.code });
    await settle(null, 1);
    // Its row is gone, so the sweep removes it, too; but what was refused should not lie there for hours.
    await storage.remove([file.path]).catch(() => {});
    throw error;
  }
}

async function inspect(
  { scanner }: Pick<EngagementDeps, "scanner">,
  storage: ObjectStorage,
  file: { name: string; path: string; sizeBytes: number },
): Promise<{ type: string; sizeBytes: number }> {
  const maxBytes = Math.min(MAX_ATTACHMENT_BYTES, file.sizeBytes);
  const bytes = await storage.download(file.path, maxBytes).catch((cause: unknown) => {
    if (!(cause instanceof AppError)) throw cause;
    if (cause.code === "not_found")
      throw new AppError("conflict", "The file has not arrived. Send it again.", { cause });
    if (cause.code === "content_too_large")
      throw new AppError(cause.code, "What was sent is larger than the file that was announced. Send it again.", {
        cause,
      });
    throw cause;
  });
  const type = await contentType(bytes);
  const ending = /\.([a-z0-9]{1,10})$/i.exec(file.name)?.[1]?.toLowerCase();
  if (!type || !(ending && TAKEN[type]?.includes(ending)))
    throw new AppError(
      "unsupported_content",
      type && ending
        ? `This file is named .${ending} but is something else. Send a picture, a PDF or a text file.`
        : "Send a picture (PNG, JPEG, GIF, WebP), a PDF or a text file.",
    );
  if (scanner) await scan(bytes, scanner);
  return { type, sizeBytes: bytes.length };
}

/** What a file is by its first bytes, among what may be sent; text is what is UTF-8 without control characters. */
async function contentType(bytes: Buffer): Promise<string | null> {
  if (bytes.length === 0) return null;
  const found = await fileTypeFromBuffer(bytes.subarray(0, 65_536)).catch(() => undefined);
  if (found) return found.mime in TAKEN ? found.mime : null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : "text/plain";
  } catch {
    return null;
  }
}

async function scan(bytes: Buffer, scanner: NonNullable<EngagementDeps["scanner"]>): Promise<void> {
  const path = join(tmpdir(), `alonchat-attachment-${randomUUID()}`);
  try {
    await writeFile(path, bytes, { mode: 0o600, flag: "wx" });
    await scanFile(path, scanner);
  } catch (cause) {
    if (cause instanceof FileProblem)
      throw new AppError("unsupported_content", "The virus scanner refused this file.", { cause });
    throw cause;
  } finally {
    await rm(path, { force: true });
  }
}

function needStorage(storage: ObjectStorage | null): ObjectStorage {
  if (storage) return storage;
  throw new AppError(
    "conflict",
    "Files cannot be sent on this server. Ask whoever runs it to set SUPABASE_SECRET_KEY.",
  );
}

/** A link of one minute that saves a visitor's file; row-level security decides who gets it. @throws AppError "not_found" */
export async function openAttachment(
  { storage }: Pick<EngagementDeps, "storage">,
  members: Members,
  { tenantId, attachmentId }: { tenantId: string; attachmentId: string },
): Promise<string> {
  const { data, error } = await members
    .from("attachments")
    .select("name, object_path")
    .eq("tenant_id", tenantId)
    .eq("id", attachmentId)
    .eq("state", "ready")
    .maybeSingle();
  if (error) throw readError(error);
  if (!data) throw new AppError("not_found", "This file does not exist, or you may not open it.");
  return needStorage(storage).link(data.object_path, { seconds: LINK_SECONDS, saveAs: data.name });
}
