import { AppError } from "./errors";

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What comes in pieces, of which no more than the limit is ever held: a length that is announced may be wrong or missing. Null when there is more. */
export async function readLimited(pieces: Pieces, maxBytes: number): Promise<Buffer | null> {
  const held: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of pieces) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) return null;
    held.push(piece);
  }
  return Buffer.concat(held);
}

/**
 * The text of a request's body.
 * @throws AppError content_too_large above the limit; aborted when the body breaks off
 */
export async function readText(pieces: Pieces, maxBytes: number): Promise<string> {
  const bytes = await readLimited(pieces, maxBytes).catch(brokenOff);
  if (!bytes) throw new AppError("content_too_large", `The request is larger than ${maxBytes / 1024} KB.`);
  return bytes.toString("utf8");
}

/**
 * The text of a web request's body. One whose length is announced is read at once, since the server that parsed the request lets no more through:
 * taking pieces from a web stream is a twentieth of the cost of a whole answer.
 * @throws AppError as readText
 */
export function readRequestText(request: Request, maxBytes: number): Promise<string> {
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) <= maxBytes) return request.text().catch(brokenOff);
  return readText(request.body ?? [], maxBytes);
}

function brokenOff(cause: unknown): never {
  throw new AppError("aborted", "The request broke off before its end.", { cause });
}
