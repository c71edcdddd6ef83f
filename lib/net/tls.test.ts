import https from "node:https";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { selfSignedCertificate } from "@/lib/testing/certificate";
import { closeConnections, fetchProblem, safeFetch } from "./index";

const certificate = selfSignedCertificate("shop.example.com");
const server = https.createServer(certificate, (_, response) => response.end("hello"));
const builtIn = tls.getCACertificates("default");
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  tls.setDefaultCACertificates(builtIn);
  await closeConnections();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (host: string) =>
  safeFetch(`https://${host}:${port}/`, { lookup: async () => ["127.0.0.1"], allowIps: ["127.0.0.1"] });

test("a certificate that nobody vouches for is refused", async () => {
  const error = await get("shop.example.com").catch((e: unknown) => e);
  expect(error).toMatchObject({ code: "fetch_failed", message: expect.stringContaining("certificate") });
  expect(fetchProblem(error)).toBe("tls");
});

test("a trusted certificate is accepted for its own name only, although the connection goes to a pinned address", async () => {
  tls.setDefaultCACertificates([...builtIn, certificate.cert]);
  expect((await get("shop.example.com")).body.toString()).toBe("hello");
  expect(fetchProblem(await get("bank.example.com").catch((e: unknown) => e))).toBe("tls");
});
