import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Browser } from "playwright-core";
import { log } from "@/lib/core/log";
import { memoryOfTree } from "./process-memory";

/** One running Chromium. */
export interface RunningBrowser {
  browser: Browser;
  /** In bytes; null where the system does not tell. */
  memoryBytes(): Promise<number | null>;
  /** Ends all its processes now, however they hang. */
  kill(): void;
}

const START_LIMIT_MS = 20_000;

/**
 * Every request of a page is answered by us (page-requests.ts). These see to it that what passes by there has no way out either: no
 * name and no address resolves to anything, no proxy answers, and nothing speaks UDP.
 */
const NO_NETWORK = [
  "--host-resolver-rules=MAP * ~NOTFOUND",
  "--proxy-server=http://no-way-out.invalid:1",
  // Without this, loopback would go round the proxy.
  "--proxy-bypass-list=<-loopback>",
  "--dns-prefetch-disable",
  "--disable-quic",
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
  "--webrtc-ip-handling-policy=disable_non_proxied_udp",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--no-pings",
];

const FRUGAL = [
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--disable-extensions",
  "--disable-remote-fonts",
  "--block-new-web-contents",
  "--mute-audio",
  "--blink-settings=imagesEnabled=false",
  // Of one page's scripts; a page that wants more crashes alone.
  "--js-flags=--max-old-space-size=256",
];

/** The path of Chromium, or undefined when there is none. */
export function findChromium(wanted: string | undefined): string | undefined {
  const path = wanted ?? "/usr/bin/chromium";
  return existsSync(path) ? path : undefined;
}

/**
 * Starts Chromium, in its own sandbox where the system lets it.
 * @param moreArgs for tests, which look into its network log
 * @throws Error of Playwright when it does not start
 */
export async function startBrowser(executablePath: string, moreArgs: readonly string[] = []): Promise<RunningBrowser> {
  const { chromium } = await import("playwright-core");
  const launch = (chromiumSandbox: boolean) =>
    chromium.launch({
      executablePath,
      chromiumSandbox,
      headless: true,
      timeout: START_LIMIT_MS,
      args: [...NO_NETWORK, ...FRUGAL, ...moreArgs],
      // Pages run in there: keys and passwords of this process stay here.
      env: { PATH: process.env.PATH, HOME: tmpdir(), LANG: "en_US.UTF-8" },
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
    });
  const browser = process.getuid?.() === 0 ? await launch(false) : await launch(true).catch(withoutSandbox(launch));
  const pid = await pidOf(browser);
  return {
    browser,
    memoryBytes: () => memoryOfTree(pid),
    kill() {
      // Playwright makes it the leader of a group; the group has ended when this fails.
      for (const target of [-pid, pid])
        try {
          process.kill(target, "SIGKILL");
        } catch {}
    },
  };
}

/** Containers mostly forbid what the sandbox is made of: the container is then the only wall. */
const withoutSandbox = (launch: (sandbox: boolean) => Promise<Browser>) => (error: unknown) => {
  if (!/sandbox/i.test(String(error))) throw error;
  log.warn({ event: "render.no_sandbox" });
  return launch(false);
};

async function pidOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const main = processInfo.find(({ type }) => type === "browser");
  if (!main) throw new Error("Chromium does not say which process it is.");
  return main.id;
}
