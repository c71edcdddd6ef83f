import type { SupabaseClient } from "@supabase/supabase-js";
import { getAgent } from "@/lib/agents";
import { AppError } from "@/lib/core/errors";
import { decodeHtml } from "@/lib/core/text/decode";
import { call, type Db } from "@/lib/db/pool";
import type { Database } from "@/lib/db/types.gen";
import { getEngagement } from "@/lib/engagement";
import { safeFetch } from "@/lib/net";
import type { InstallReport } from "../schema";
import { getWidgetSettings, listSightings } from "../settings";
import { findingsOf } from "./findings";

const MAX_BYTES = 3 * 1024 * 1024;
const TIMEOUT_MS = 15_000;

export interface InstallCheckDeps {
  db: Db;
  appOrigin: string;
  /** Where visitors' browsers reach Realtime and Storage; null without. */
  supabaseUrl: string | null;
  userAgent: string;
  /** Private hosts that the operator opened. */
  allowHosts: string[];
  /** Whether a workspace may check without end. */
  limitChecks: boolean;
}

/**
 * Looks at a customer's page as it is sent and says what keeps the chat from working there.
 * @throws AppError "url_invalid", "url_blocked" for an address that may not be fetched, "rate_limited", "not_found" for another tenant's agent.
 *   A page that cannot be read is a finding.
 */
export async function checkInstall(
  deps: InstallCheckDeps,
  members: SupabaseClient<Database>,
  { tenantId, agentId, url }: { tenantId: string; agentId: string; url: string },
): Promise<InstallReport> {
  const ref = { tenantId, agentId };
  const [agent, settings, engagement, sightings] = await Promise.all([
    getAgent(members, ref),
    getWidgetSettings(members, ref),
    getEngagement(members, ref),
    listSightings(members, ref),
  ]);
  if (deps.limitChecks) {
    const waitMs = await call<number>(deps.db, "begin_install_check", { tenant_id: tenantId });
    if (waitMs > 0)
      throw new AppError("rate_limited", `Too many checks at once. Try again in ${Math.ceil(waitMs / 1_000)} s.`, {
        retryAfterMs: waitMs,
      });
  }
  const fetched = await fetchPage(deps, url);
  if ("finding" in fetched) return { url, findings: [fetched.finding] };
  const host = new URL(fetched.url).host;
  const findings = findingsOf({
    requestedUrl: url,
    url: fetched.url,
    html: fetched.html,
    policy: fetched.policy,
    agent: {
      ...{ publicId: agent.publicId, allowedDomains: agent.allowedDomains, hasPicture: settings.avatar !== null },
      ...{ handover: engagement.handover, attachments: engagement.attachments },
    },
    appOrigin: deps.appOrigin,
    supabaseOrigin: deps.supabaseUrl && new URL(deps.supabaseUrl).origin,
    lastSeenAt: sightings.find((one) => one.host === host)?.lastSeenAt ?? null,
  });
  return { url: fetched.url, findings };
}

type Fetched =
  | { url: string; html: string; policy: string | undefined }
  | { finding: InstallReport["findings"][number] };

async function fetchPage({ userAgent, allowHosts }: InstallCheckDeps, url: string): Promise<Fetched> {
  const unread = (title: string, fix: string): Fetched => ({
    finding: { id: "page_unreadable", level: "error", title, fix },
  });
  try {
    const answer = await safeFetch(url, {
      allowHosts,
      headers: { "user-agent": userAgent, accept: "text/html,application/xhtml+xml" },
      timeoutMs: TIMEOUT_MS,
      maxBodyBytes: MAX_BYTES,
      onTooLarge: "truncate",
    });
    if (answer.status >= 400)
      return unread(
        `The page answers with status ${answer.status}`,
        "Check a page that visitors can open without signing in. If it opens in your browser, its server refuses programs: let this one through, or look at the page yourself.",
      );
    const type = answer.headers["content-type"] ?? "";
    if (!/html/i.test(type))
      return unread(
        "This address is not a page",
        `It is sent as ${type || "nothing in particular"}. Check the address of a page with text.`,
      );
    return {
      url: answer.url,
      html: decodeHtml(answer.body, type).html,
      policy: answer.headers["content-security-policy"],
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "url_invalid" || error.code === "url_blocked") throw error;
    return unread("The page could not be read", error.message);
  }
}
