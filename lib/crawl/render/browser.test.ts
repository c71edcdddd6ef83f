import { createSocket, type Socket } from "node:dgram";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, type RunningBrowser, startBrowser } from "./browser";

const chromium = findChromium(process.env.CHROMIUM_PATH);

/** Here nothing answers the pages' requests in our name: what gets out, gets out through Chromium itself. */
describe.skipIf(!chromium)("the browser has no network of its own", () => {
  let running: RunningBrowser;
  let tcp: Server;
  let udp: Socket;
  let folder: string;
  const reached: string[] = [];

  beforeAll(async () => {
    tcp = createServer((socket) => {
      reached.push("tcp");
      socket.destroy();
    });
    udp = createSocket("udp4", () => reached.push("udp"));
    await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
    await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
    folder = await mkdtemp(join(tmpdir(), "alonchat-netlog-"));
    running = await startBrowser(chromium!, [`--log-net-log=${join(folder, "net.json")}`]);
  });
  afterAll(async () => {
    running?.kill();
    tcp?.close();
    udp?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("no socket is opened and no name looked up, by whatever means a page tries", async () => {
    const tcpPort = (tcp.address() as { port: number }).port;
    const context = await running.browser.newContext();
    for (const host of [`127.0.0.1:${tcpPort}`, `localhost:${tcpPort}`, "example.com", "169.254.169.254"]) {
      const page = await context.newPage();
      await expect(page.goto(`http://${host}/`), host).rejects.toThrow();
      await page.close();
    }
    const page = await context.newPage();
    const outcomes = await page.evaluate(
      async ({ tcpPort, udpPort }) => {
        const hosts = [`127.0.0.1:${tcpPort}`, `localhost:${tcpPort}`, `[::1]:${tcpPort}`, "example.com"];
        const tries = hosts.flatMap((host) => [
          fetch(`http://${host}/`, { mode: "no-cors" }),
          new Promise((yes, no) => {
            const socket = new WebSocket(`ws://${host}/`);
            socket.onopen = yes;
            socket.onerror = no;
          }),
        ]);
        for (const rel of ["dns-prefetch", "preconnect", "prefetch"])
          document.head.append(
            Object.assign(document.createElement("link"), { rel, href: `http://127.0.0.1:${tcpPort}/` }),
          );
        const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${udpPort}` }] });
        peer.createDataChannel("x");
        await peer.setLocalDescription(await peer.createOffer());
        return (await Promise.allSettled(tries)).map(({ status }) => status);
      },
      { tcpPort, udpPort: (udp.address() as { port: number }).port },
    );
    expect(new Set(outcomes)).toEqual(new Set(["rejected"]));
    // Packets that were under way have arrived by then.
    await sleep(1_000);
    expect(reached).toEqual([]);

    await running.browser.close();
    const { known, seen } = await networkEvents(join(folder, "net.json"));
    expect(seen.size, "the log was read").toBeGreaterThan(5);
    for (const name of ["TCP_CONNECT_ATTEMPT", "UDP_BYTES_SENT", "HOST_RESOLVER_DNS_TASK", "HOST_RESOLVER_SYSTEM_TASK"])
      expect({ name, known: known.has(name), seen: seen.has(name) }).toEqual({ name, known: true, seen: false });
  });
});

/** The kinds of event that this Chromium can log, and those that it has logged. */
async function networkEvents(path: string): Promise<{ known: Set<string>; seen: Set<string> }> {
  const { constants, events } = JSON.parse(await readFile(path, "utf8"));
  const names = new Map(Object.entries<number>(constants.logEventTypes).map(([name, id]) => [id, name]));
  return {
    known: new Set(names.values()),
    seen: new Set(events.map(({ type }: { type: number }) => names.get(type) ?? String(type))),
  };
}
