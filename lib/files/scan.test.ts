import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { scanFile } from "./scan";

const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("-");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "alonchat-scan-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fileOf = async (content: Buffer | string) => {
  const path = join(folder, `${Math.random()}`);
  await writeFile(path, content);
  return path;
};

/** Speaks INSTREAM as clamd does: reads each length and piece, finds the test virus, enforces StreamMaxLength. */
async function fakeClamd({
  maxBytes = 25_000_000,
  answer,
}: {
  maxBytes?: number;
  answer?: (socket: Socket) => void;
} = {}) {
  const received: number[] = [];
  const server: Server = createServer((socket) => {
    let pending = Buffer.alloc(0);
    let body = Buffer.alloc(0);
    let begun = false;
    socket.on("error", () => {});
    socket.on("data", (piece: Buffer) => {
      if (answer) return answer(socket);
      pending = Buffer.concat([pending, piece]);
      if (!begun) {
        if (pending.length < 10) return;
        if (pending.toString("latin1", 0, 10) !== "zINSTREAM\0") return void socket.end("UNKNOWN COMMAND\0");
        begun = true;
        pending = pending.subarray(10);
      }
      while (pending.length >= 4) {
        const length = pending.readUInt32BE(0);
        if (length === 0) {
          received.push(body.length);
          return void socket.end(body.includes(EICAR) ? "stream: Eicar-Test-Signature FOUND\0" : "stream: OK\0");
        }
        if (pending.length < 4 + length) return;
        body = Buffer.concat([body, pending.subarray(4, 4 + length)]);
        pending = pending.subarray(4 + length);
        if (body.length > maxBytes) {
          // As clamd does: it closes at once, with what was sent meanwhile unread, which resets the connection.
          socket.write("INSTREAM size limit exceeded. ERROR\0", () => socket.destroy());
          socket.pause();
          return;
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { scanner: { host: "127.0.0.1", port: (server.address() as AddressInfo).port }, received };
}

test("a clean file passes, and every byte of it was sent", async () => {
  const { scanner, received } = await fakeClamd();
  const bytes = Buffer.alloc(300_000, "clean text ");
  await scanFile(await fileOf(bytes), scanner);
  await scanFile(await fileOf(""), scanner);
  expect(received).toEqual([bytes.length, 0]);
});

test("an infected file is named with what was found", async () => {
  const { scanner } = await fakeClamd();
  await expect(scanFile(await fileOf(`before ${EICAR} after`), scanner)).rejects.toMatchObject({
    code: "infected",
    message: expect.stringContaining("Eicar-Test-Signature"),
  });
});

test("a scanner that hangs up in the middle, because the file is too large for it, is heard", async () => {
  const { scanner } = await fakeClamd({ maxBytes: 100_000 });
  await expect(scanFile(await fileOf(Buffer.alloc(8_000_000, 1)), scanner)).rejects.toMatchObject({
    code: "too_large",
  });
});

test.each([
  ["hangs up without an answer", (socket: Socket) => void socket.destroy()],
  ["says something else", (socket: Socket) => void socket.end("COMMAND READ TIMED OUT\0")],
])("a scanner that %s leaves the file for later, unread", async (_name, answer) => {
  const { scanner } = await fakeClamd({ answer });
  await expect(scanFile(await fileOf("text"), scanner)).rejects.toMatchObject({ code: "upstream_busy" });
});

test("a scanner that is not there leaves the file for later", async () => {
  await expect(scanFile(await fileOf("text"), { host: "127.0.0.1", port: 1 })).rejects.toMatchObject({
    code: "upstream_busy",
  });
});
