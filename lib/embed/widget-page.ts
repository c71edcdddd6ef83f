import { z } from "zod";
import { call } from "@/lib/db/pool";
import type { EmbedDeps } from "./deps";
import { THEMES } from "./schema";

const Page = z.object({
  name: z.string(),
  language: z.string(),
  accentColor: z.string(),
  allowedDomains: z.array(z.string()),
  isShared: z.boolean(),
  isIndexed: z.boolean(),
  title: z.string(),
  theme: z.enum(THEMES),
  avatarPath: z.string().nullable(),
  isWhiteLabel: z.boolean(),
});
export type WidgetPage = z.infer<typeof Page>;

/** What pages that show nothing but the chat need of an agent; null when there is none. */
export const getWidgetPage = async (deps: Pick<EmbedDeps, "db">, publicId: string): Promise<WidgetPage | null> =>
  Page.nullable().parse(await call(deps.db, "widget_page", { public_id: publicId }));

/**
 * Who may put the page into a frame, for `frame-ancestors`: the allowed domains, over TLS, and without it where they are this machine.
 * An entry without a port means any port, as it does for the widget.
 */
export function frameAncestors(allowedDomains: readonly string[], appOrigin: string): string[] {
  const sources = allowedDomains.flatMap((entry) => {
    const host = /:\d+$/.test(entry) ? entry : `${entry}:*`;
    return /^(localhost|127\.0\.0\.1|.*\.localhost)(:\d+)?$/.test(entry)
      ? [`http://${host}`, `https://${host}`]
      : [`https://${host}`];
  });
  return [appOrigin, ...sources];
}
