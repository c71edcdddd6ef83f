import { parseArgs } from "node:util";
import { startSampleSite } from "@/lib/testing/sample-site/server";

// tsx lib/testing/sample-site/main.ts --port 4400
const { values } = parseArgs({ options: { port: { type: "string" }, latency: { type: "string" } } });
const { SAMPLE_PORT, SAMPLE_WIDGET_APP_URL: appUrl, SAMPLE_WIDGET_AGENT: publicId } = process.env;

const site = await startSampleSite({
  port: Number(values.port ?? SAMPLE_PORT ?? 4400),
  latencyMs: Number(values.latency ?? 0),
  ...(appUrl && publicId ? { widget: { appUrl, publicId } } : {}),
});
process.stdout.write(`Sample site on ${site.url}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void site.stop().then(() => process.exit(0)));
}
