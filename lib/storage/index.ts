import { createClient } from "@supabase/supabase-js";
import { AppError } from "@/lib/core/errors";
import { readLimited } from "@/lib/core/read-limited";

/**
 * Objects of one private bucket, with the secret key: for what no member's session is there for. Paths begin with the tenant's id and
 * come from rows, never from a request.
 */
export interface ObjectStorage {
  /**
   * @param maxBytes what a browser puts under a signed link may be larger than it said: no more than this is ever held
   * @throws AppError "not_found" when there is no such object, "content_too_large", "upstream_failed" when Storage cannot be asked
   */
  download(path: string, maxBytes: number): Promise<Buffer>;
  /** Writes an object, over what may be there. @throws AppError "upstream_failed" */
  upload(path: string, bytes: Uint8Array, options: { contentType: string }): Promise<void>;
  /** Those that are gone already count as removed. @throws AppError "upstream_failed" */
  remove(paths: string[]): Promise<void>;
  /** A link to which a browser may put one object, for two hours. @throws AppError "upstream_failed" */
  uploadLink(path: string): Promise<string>;
  /** A link that opens the object for a while. @param options.saveAs as a download of that name */
  link(path: string, options: { seconds: number; saveAs?: string }): Promise<string>;
}

const BUCKET = "sources";

export function createStorage({ url, secretKey }: { url: string; secretKey: string }): ObjectStorage {
  const client = createClient(url, secretKey, { auth: { persistSession: false, autoRefreshToken: false } });
  const bucket = () => client.storage.from(BUCKET);
  return {
    async download(path, maxBytes) {
      const { data, error } = await bucket().download(path).asStream();
      if (error) throw failure(error, "The file is no longer there.");
      const bytes = await readLimited(data, maxBytes).catch((cause: Error) => {
        throw failure(cause, "The file is no longer there.");
      });
      if (!bytes) throw new AppError("content_too_large", "The file is larger than it may be.");
      return bytes;
    },
    async upload(path, bytes, { contentType }) {
      const { error } = await bucket().upload(path, new Blob([new Uint8Array(bytes)]), { contentType, upsert: true });
      if (error) throw failure(error, "The file could not be stored.");
    },
    async remove(paths) {
      if (paths.length === 0) return;
      const { error } = await bucket().remove(paths);
      if (error) throw failure(error, "The files could not be removed.");
    },
    async uploadLink(path) {
      const { data, error } = await bucket().createSignedUploadUrl(path);
      if (error) throw failure(error, "The file could not be stored.");
      return data.signedUrl;
    },
    async link(path, { seconds, saveAs }) {
      const { data, error } = await bucket().createSignedUrl(
        path,
        seconds,
        saveAs === undefined ? {} : { download: saveAs },
      );
      if (error) throw failure(error, "The file is no longer there.");
      return data.signedUrl;
    },
  };
}

function failure(
  cause: { message: string; status?: number | undefined; statusCode?: string | undefined },
  missing: string,
): AppError {
  const status = Number(cause.statusCode ?? cause.status);
  if (status === 404 || /not.?found/i.test(cause.message)) return new AppError("not_found", missing, { cause });
  return new AppError("upstream_failed", "The file storage did not answer. Try again in a minute.", { cause });
}
