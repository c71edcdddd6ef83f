import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { freePort } from "@/supabase/local/ports";
import { Processes } from "./processes";

/** Longer than a test may take: who waits for it instead of failing does not pass. */
const FOR_EVER_MS = 600_000;

let ended: string[];
let processes: Processes;
beforeEach(() => {
  ended = [];
  processes = new Processes((name, code, lastWords) => ended.push(`${name} ${code} ${lastWords}`));
});
afterEach(() => processes.stop());

const run = (script: string, command = process.execPath) =>
  processes.start("test-processes", command, ["-e", script], process.env, "file");
const address = async () => `http://127.0.0.1:${await freePort()}/`;

test("a process that ends before it answers is not waited for: the error holds its last words, and who started it is told", async () => {
  const child = run("console.log('Reading .env'); console.error('DATABASE_URL is missing'); process.exitCode = 3");
  const failure = await processes.waitForHttp(child, await address(), "The worker", FOR_EVER_MS).catch(String);
  expect(failure).toMatch(/The worker ended before it answered at http.* \(3\)/);
  expect(failure).toContain("Reading .env\nDATABASE_URL is missing");
  expect(failure).toContain(".local/logs/test-processes.log");
  expect(ended).toEqual(["test-processes 3 Reading .env\nDATABASE_URL is missing"]);
});

test("of a process that talks much only the end is told", async () => {
  const child = run("console.log('first\\n' + 'x'.repeat(50_000) + '\\nlast')");
  const failure = await processes.waitForHttp(child, await address(), "The worker", FOR_EVER_MS).catch(String);
  expect(failure).toContain("last");
  expect(failure).not.toContain("first");
  expect(String(failure).length).toBeLessThan(2_000);
});

test("a command that does not exist fails like a process that ended, and stopping waits for nothing", async () => {
  const child = run("", "no-such-command");
  await expect(processes.waitForHttp(child, await address(), "The web app", FOR_EVER_MS)).rejects.toThrow(
    /The web app ended before it answered[\s\S]*no-such-command/,
  );
});

test("who answers in place of a process that ended is not taken for it", async () => {
  const other = createServer((_, response) => response.end("ok"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  const child = run("throw new Error('EADDRINUSE')");
  await expect.poll(() => ended.length).toBe(1);
  await expect(processes.waitForHttp(child, url, "The web app", FOR_EVER_MS)).rejects.toThrow(/EADDRINUSE/);
});

test("a process that answers late is waited for; one that was stopped or left to its caller is no surprise", async () => {
  const port = await freePort();
  const server = `require("node:http").createServer((_, r) => { r.statusCode = n++ < 3 ? 503 : 404; r.end(); })`;
  const child = run(`let n = 0; setTimeout(() => ${server}.listen(${port}, "127.0.0.1"), 300)`);
  await processes.waitForHttp(child, `http://127.0.0.1:${port}/`, "The web app");
  const left = run("setInterval(() => {}, 1000)");
  processes.release(left);
  const gone = new Promise((resolve) => left.once("close", resolve));
  left.kill();
  await gone;
  await processes.stop();
  expect(child.signalCode ?? child.exitCode).not.toBeNull();
  expect(ended).toEqual([]);
});
