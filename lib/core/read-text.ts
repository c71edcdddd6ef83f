import { AppError } from "./errors";

/**
 * The text of a request's body, of which no more than the limit is ever held: a length that is announced may be wrong or missing.
 * @throws AppError content_too_large above the limit; aborted when the body breaks off
 */
export async function readText(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<string> {
  const held: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > maxBytes) break;
      held.push(piece);
    }
  } catch (cause) {
    throw new AppError("aborted", "The request broke off before its end.", { cause });
  }
  if (sizeBytes > maxBytes)
    throw new AppError("content_too_large", `The request is larger than ${maxBytes / 1024} KB.`);
  return Buffer.concat(held).toString("utf8");
}
