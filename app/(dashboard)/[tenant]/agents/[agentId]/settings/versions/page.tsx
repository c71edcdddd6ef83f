import Link from "next/link";
import { supabase } from "@/app/_server/supabase";
import { BackHeader } from "@/components/back-header";
import { percent } from "@/components/figures";
import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/time";
import { listVersions } from "@/lib/agents";
import { type AgentVersion, changedSettings, type Override, SETTING_NAMES, versionName } from "@/lib/agents/schema";
import { env } from "@/lib/core/env";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../../data";
import { RestoreVersion } from "./restore-version.client";

export const metadata = { title: "Versions" };

/** Every version that visitors got, and the draft: what it changed, who published it, when and why. */
export default async function VersionsPage({ params }: PageProps<"/[tenant]/agents/[agentId]/settings/versions">) {
  const { member, tenant, agent } = await requireAgent(params);
  const { published, draft, retired } = await listVersions(await supabase(), {
    tenantId: member.tenantId,
    agentId: agent.id,
  });
  const versions = [...(draft ? [draft] : []), published, ...retired];
  const base = `/${tenant}/agents/${agent.id}`;
  const mayEdit = roleAtLeast(member.role, "admin");
  return (
    <div className="page grid gap-5 py-6">
      <BackHeader back={`${base}/settings`} backLabel="Back to settings" title="Versions">
        <p className="max-w-[68ch] text-sm text-ink-muted">
          What visitors got and get. Any of them can be compared, tried and published again.
        </p>
      </BackHeader>
      <ol aria-label="Versions" className="grid divide-y divide-line rounded-lg border border-line lg:max-w-[860px]">
        {versions.map((version, index) => (
          <li key={version.id} className="grid gap-x-4 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto]">
            <div className="grid min-w-0 content-start gap-0.5">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {versionName(version)}
                {version.state === "published" && <Badge tone="success">Published</Badge>}
                {version.state === "draft" && <Badge tone="warning">Not published</Badge>}
                {version.restoredFrom && (
                  <span className="text-xs font-normal text-ink-muted">again version {version.restoredFrom}</span>
                )}
              </p>
              {version.note && (
                <p className="break-words" dir="auto">
                  {version.note}
                </p>
              )}
              {version.override && <PastEvaluation override={version.override} />}
              <p className="text-xs break-words text-ink-muted">
                <ByWhom version={version} /> · {changesOf(version, versions[index + 1])}
              </p>
            </div>
            <div className="flex flex-wrap items-center gap-2">
              {version.id !== published.id && (
                <Link
                  href={`${base}/settings/versions/compare?from=${
                    version.state === "draft" ? published.id : version.id
                  }&to=${version.state === "draft" ? version.id : published.id}`}
                  className="rounded-md px-2 py-1 text-sm text-link"
                  aria-label={`Compare ${versionName(version)} with version ${published.number}`}
                >
                  Compare
                </Link>
              )}
              {env().ENABLE_PLAYGROUND && (
                <Link
                  href={`${base}/playground?version=${version.id}`}
                  className="rounded-md px-2 py-1 text-sm text-link"
                  aria-label={`Try ${versionName(version)}`}
                >
                  Try
                </Link>
              )}
              {mayEdit && version.state === "retired" && (
                <RestoreVersion tenant={tenant} agentId={agent.id} versionId={version.id} number={version.number!} />
              )}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

const PastEvaluation = ({ override: { reason, unmet } }: { override: Override }) => (
  <p className="text-sm break-words">
    <span className="text-warning">Published past the evaluation:</span> <bdi>{reason}</bdi>
    <span className="block text-xs text-ink-muted">
      {unmet
        .map(({ name, minPassRate, passRate }) =>
          passRate === null
            ? `“${name}” had not run on it`
            : `“${name}” passed ${percent(passRate)}, and ${percent(minPassRate)} were required`,
        )
        .join("; ")}
    </span>
  </p>
);

function ByWhom({ version: { state, publishedAt, publishedBy, updatedAt, author } }: { version: AgentVersion }) {
  const who = state === "draft" ? author : publishedBy;
  return (
    <>
      {state === "draft" ? "Saved " : "Published "}
      <RelativeTime at={publishedAt ?? updatedAt} />
      {who && (
        <>
          {" "}
          by <bdi>{who}</bdi>
        </>
      )}
    </>
  );
}

function changesOf(version: AgentVersion, before: AgentVersion | undefined): string {
  if (!before) return version.number === 1 ? "the first" : "older ones are not listed";
  const names = changedSettings(before.settings, version.settings).map((name) => SETTING_NAMES[name].toLowerCase());
  if (names.length === 0) return "nothing changed";
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}
