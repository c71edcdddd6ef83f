import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import { FileProblem } from "../problem";

const MAX_ENTRIES = 20_000;
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;
/** What people write is compressed 5 to 50 times; a thousand times is the most that deflate can do, for one letter repeated. */
const MAX_RATIO = 200;
const RATIO_COUNTS_FROM_BYTES = 4 * 1024 * 1024;

/** A zip archive in memory whose parts are inflated one by one, within bounds over all of them. */
export class Archive {
  private inflatedBytes = 0;

  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: Map<string, Entry>,
  ) {}

  /** @throws FileProblem when the directory cannot be read, or names more parts than an office file has */
  static async open(bytes: Buffer): Promise<Archive> {
    const zip = await new Promise<ZipFile>((resolve, reject) =>
      fromBuffer(bytes, { lazyEntries: true, autoClose: false }, (error, file) =>
        error ? reject(broken(error)) : resolve(file),
      ),
    );
    if (zip.entryCount > MAX_ENTRIES) throw bomb();
    const entries = new Map<string, Entry>();
    await new Promise<void>((resolve, reject) => {
      zip.on("entry", (entry: Entry) => {
        entries.set(entry.fileName, entry);
        zip.readEntry();
      });
      zip.once("end", resolve);
      zip.once("error", (error: Error) => reject(broken(error)));
      zip.readEntry();
    });
    return new Archive(zip, entries);
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** One part, inflated; undefined when there is none of that name. @throws FileProblem for a bomb, a broken or an encrypted part */
  async read(name: string): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    const found = await this.inflate(name, (piece) => pieces.push(piece));
    return found ? Buffer.concat(pieces) : undefined;
  }

  /** As `read`, piece by piece: a large sheet need not be in memory as a whole. */
  async inflate(name: string, take: (piece: Buffer) => void): Promise<boolean> {
    const entry = this.entries.get(name);
    if (!entry) return false;
    if (entry.isEncrypted()) throw new FileProblem("encrypted", ENCRYPTED);
    let size = 0;
    await new Promise<void>((resolve, reject) => {
      this.zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(broken(error));
        const stop = (problem: unknown) => {
          stream.destroy();
          reject(problem);
        };
        stream.on("data", (piece: Buffer) => {
          size += piece.length;
          this.inflatedBytes += piece.length;
          const isBomb = size > RATIO_COUNTS_FROM_BYTES && size > entry.compressedSize * MAX_RATIO;
          if (isBomb || this.inflatedBytes > MAX_INFLATED_BYTES) return stop(bomb());
          try {
            take(piece);
          } catch (problem) {
            stop(problem);
          }
        });
        stream.once("end", resolve);
        stream.once("error", (cause: Error) => reject(broken(cause)));
      });
    });
    return true;
  }
}

export const ENCRYPTED =
  "This file is protected with a password, so it cannot be read. Save a copy without a password and upload that.";

const broken = (cause: Error): FileProblem =>
  cause instanceof FileProblem
    ? cause
    : new FileProblem(
        "broken",
        "This file is damaged or was cut off on the way. Open it, save it again, and upload the new copy.",
      );

const bomb = (): FileProblem =>
  new FileProblem(
    "too_large",
    "This file unpacks to far more data than a document holds, so it was not opened. Save it again with the program that made it, or split it.",
  );
