import { readFile } from "node:fs/promises";
import { z } from "zod";

const Manifest = z.object({ pinned: z.object({ file: z.string(), integrity: z.string() }) });
export type PinnedWidget = z.infer<typeof Manifest>["pinned"];

/** The widget's loader of the present build under its own address, and what it hashes to; null where no widget was built. */
export async function pinnedWidget(): Promise<PinnedWidget | null> {
  const text = await readFile("public/widget/manifest.json", "utf8").catch(() => null);
  return text === null ? null : Manifest.parse(JSON.parse(text)).pinned;
}
