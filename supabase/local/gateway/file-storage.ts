import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { copyFile, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import type { App } from "@supabase/lite";

type Adapter = NonNullable<App["_storageAdapter"]>;
type Metadata = Awaited<ReturnType<Adapter["headObject"]>>;

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".csv": "text/csv",
  ".gif": "image/gif",
  ".html": "text/html",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".md": "text/markdown",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
  ".webp": "image/webp",
};

/** Objects of Storage as files: `<root>/<bucket>/<key>`. lite has one like it but does not export it. */
export class FileStorage implements Adapter {
  readonly driver = null;
  private readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  private path(bucket: string, key: string): string {
    const path = resolve(this.root, bucket, key);
    if (!path.startsWith(join(this.root, bucket) + sep)) throw new Error("path leaves the storage folder");
    return path;
  }

  getObject: Adapter["getObject"] = async (bucket, key, _version, headers) => {
    const path = this.path(bucket, key);
    const info = await stat(path);
    const metadata = describeFile(info, key);
    if (headers?.ifNoneMatch === metadata.eTag) return { httpStatusCode: 304, metadata };
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers?.range ?? "");
    const start = range ? Number(range[1]) : 0;
    const end = range?.[2] ? Math.min(Number(range[2]), info.size - 1) : info.size - 1;
    if (range && start > end) return { httpStatusCode: 416, metadata };
    const part = range ? { contentLength: end - start + 1, contentRange: `bytes ${start}-${end}/${info.size}` } : {};
    const body = info.size === 0 ? Buffer.alloc(0) : Readable.toWeb(createReadStream(path, { start, end }));
    return { httpStatusCode: range ? 206 : 200, metadata: { ...metadata, ...part }, body };
  };

  uploadObject: Adapter["uploadObject"] = async (bucket, key, _version, body, contentType, cacheControl) => {
    const path = this.path(bucket, key);
    await mkdir(dirname(path), { recursive: true });
    const bytes =
      body instanceof Uint8Array ? body : Buffer.from(await new Response(body as ReadableStream).arrayBuffer());
    const partial = `${path}.partial-${process.pid}-${Date.now()}`;
    await writeFile(partial, bytes);
    await rename(partial, path);
    const eTag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    return { ...describeFile(await stat(path), key), cacheControl, mimetype: contentType, eTag };
  };

  deleteObject: Adapter["deleteObject"] = (bucket, key) => rm(this.path(bucket, key), { force: true });

  deleteObjects: Adapter["deleteObjects"] = async (bucket, keys) => {
    for (const key of keys) await rm(this.path(bucket, key), { force: true });
  };

  copyObject: Adapter["copyObject"] = async (fromBucket, from, _version, toBucket, to) => {
    const target = this.path(toBucket, to);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(this.path(fromBucket, from), target);
    const { eTag, lastModified } = describeFile(await stat(target), to);
    return { httpStatusCode: 200, eTag, lastModified: lastModified ?? new Date() };
  };

  headObject: Adapter["headObject"] = async (bucket, key) => describeFile(await stat(this.path(bucket, key)), key);

  privateAssetUrl: Adapter["privateAssetUrl"] = async (bucket, key) => `file://${this.path(bucket, key)}`;
}

const describeFile = (info: Stats, key: string): Metadata => ({
  cacheControl: "no-cache",
  contentLength: info.size,
  size: info.size,
  mimetype: TYPES[extname(key).toLowerCase()] ?? "application/octet-stream",
  lastModified: info.mtime,
  eTag: `"${info.size.toString(16)}-${Math.trunc(info.mtimeMs).toString(16)}"`,
});
