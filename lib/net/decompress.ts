import { promisify } from "node:util";
import zlib from "node:zlib";
import { AppError } from "@/lib/core/errors";
import { FetchProblem } from "./errors";
import { tooLarge } from "./exchange";

const MAX_CODINGS = 3;
const FLUSH = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
const BROTLI_FLUSH = { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH };

type Inflated = { body: Buffer; truncated: boolean };
type Codec = {
  whole: (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
  stream: () => zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress;
};

// The flush options accept a stream that was cut short, as browsers do.
const gunzip: Codec = {
  whole: (data, o) => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)(data, { ...FLUSH, ...o }),
  stream: () => zlib.createGunzip(FLUSH),
};
const inflate: Codec = {
  whole: (data, o) => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate)(data, { ...FLUSH, ...o }),
  stream: () => zlib.createInflate(FLUSH),
};
const inflateRaw: Codec = {
  whole: (data, o) => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw)(data, { ...FLUSH, ...o }),
  stream: () => zlib.createInflateRaw(FLUSH),
};
const brotli: Codec = {
  whole: (data, o) =>
    promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress)(data, { ...BROTLI_FLUSH, ...o }),
  stream: () => zlib.createBrotliDecompress(BROTLI_FLUSH),
};

/**
 * Undoes `Content-Encoding`. The result never exceeds `maxBytes`, whatever the ratio: output is bounded while inflating.
 * @param truncate keep the first `maxBytes` instead of failing
 * @throws AppError "content_too_large", or "fetch_failed" for an unknown or damaged encoding
 * A body announced as gzip that is plain text is returned as it is: common on misconfigured servers.
 */
export async function decompress(
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
  truncate: boolean,
): Promise<Inflated> {
  if (!contentEncoding || body.length === 0) return { body, truncated: false };
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((c) => c.trim())
    .filter((c) => c !== "" && c !== "identity");
  if (codings.length > MAX_CODINGS) throw damaged();
  let current: Inflated = { body, truncated: false };
  for (const coding of codings.reverse()) {
    const codec = codecFor(coding, current.body);
    if (!codec) continue;
    const next = await run(codec, current.body, maxBytes, truncate);
    current = { body: next.body, truncated: current.truncated || next.truncated };
  }
  return current;
}

function codecFor(coding: string, body: Buffer): Codec | undefined {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return body[0] === 0x1f && body[1] === 0x8b ? gunzip : undefined;
    case "br":
      return brotli;
    case "deflate":
      // Servers disagree on whether this means zlib or raw deflate; the header's low nibble and checksum tell.
      return ((body[0] ?? 0) & 0x0f) === 8 && (((body[0] ?? 0) << 8) | (body[1] ?? 0)) % 31 === 0
        ? inflate
        : inflateRaw;
    default:
      throw damaged();
  }
}

async function run(codec: Codec, data: Buffer, maxBytes: number, truncate: boolean): Promise<Inflated> {
  try {
    return { body: await codec.whole(data, { maxOutputLength: maxBytes }), truncated: false };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")) throw damaged(error);
    if (!truncate) throw tooLarge(maxBytes);
    return { body: await firstBytes(codec, data, maxBytes), truncated: true };
  }
}

async function firstBytes(codec: Codec, data: Buffer, maxBytes: number): Promise<Buffer> {
  const stream = codec.stream();
  stream.end(data);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Leaving the loop destroys the stream, so nothing is inflated beyond the limit.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function damaged(cause?: unknown): AppError {
  return new AppError("fetch_failed", "The server compressed the page in a way that cannot be read. Try again later.", {
    cause: new FetchProblem("bad_encoding", { cause }),
  });
}
