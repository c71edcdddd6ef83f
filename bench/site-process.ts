import { fork } from "node:child_process";
import { once } from "node:events";
import { startGeneratedSite } from "@/lib/testing/sample-site/generated";

export interface SiteOptions {
  pages: number;
  latencyMs: number;
  /** Pages that robots.txt forbids, beside the others. */
  blocked?: number;
}

/** The generated site in a process of its own, so that its work is not counted as the crawler's. */
export interface SiteProcess {
  url: string;
  /** Requests by path since the last time it was asked. */
  hits(): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

type Said = { url: string } | { hits: [string, number][] };

export async function startSiteProcess(options: SiteOptions): Promise<SiteProcess> {
  const child = fork(import.meta.filename, [JSON.stringify(options)], { execArgv: ["--import", "tsx"] });
  const said = async (): Promise<Said> => (await once(child, "message"))[0] as Said;
  const first = await said();
  if (!("url" in first)) throw new Error("The site did not start.");
  return {
    url: first.url,
    async hits() {
      const answer = said();
      child.send("hits");
      const { hits } = (await answer) as { hits: [string, number][] };
      return new Map(hits);
    },
    async stop() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const site = await startGeneratedSite(JSON.parse(process.argv[2] ?? "{}") as SiteOptions);
  process.on("message", () => {
    process.send?.({ hits: [...site.hits] });
    site.reset();
  });
  process.on("disconnect", () => void site.stop().then(() => process.exit(0)));
  process.send?.({ url: site.url });
}
