import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStorage, type ObjectStorage } from "./index";

let server: Server;
let storage: ObjectStorage;

/** Storage as far as a download goes, with an object that never ends. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const object = request.url?.split("/").at(-1);
    if (object === "gone")
      response
        .writeHead(400, { "content-type": "application/json" })
        .end(JSON.stringify({ statusCode: "404", error: "not_found", message: "Object not found" }));
    else if (object === "cut") {
      response.writeHead(200, { "content-length": "100" }).write("abc");
      setImmediate(() => response.destroy());
    } else if (object === "endless") {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.writeHead(200).on("drain", more);
      more();
    } else response.writeHead(200).end("0123456789");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  storage = createStorage({ url, secretKey: "sb_secret_of_this_test_alone" });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("an object is read up to its limit", async () => {
  expect((await storage.download("t/ten", 10)).toString()).toBe("0123456789");
  await expect(storage.download("t/ten", 9)).rejects.toMatchObject({ code: "content_too_large" });
});

test("one that never ends is left where the limit is", async () => {
  await expect(storage.download("t/endless", 1_000_000)).rejects.toMatchObject({ code: "content_too_large" });
});

test("one that is not there is missing, and one that breaks off is Storage's failure", async () => {
  await expect(storage.download("t/gone", 10)).rejects.toMatchObject({ code: "not_found" });
  await expect(storage.download("t/cut", 100)).rejects.toMatchObject({ code: "upstream_failed" });
});
