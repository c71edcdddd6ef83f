import { notFound } from "next/navigation";
import { supabase } from "@/app/_server/supabase";
import { BackHeader } from "@/components/back-header";
import { Empty } from "@/components/ui/empty";
import { plural } from "@/components/ui/number";
import { wordDiff } from "@/components/word-diff";
import { listVersions } from "@/lib/agents";
import {
  type AgentSettings,
  type AgentVersion,
  changedSettings,
  SETTING_NAMES,
  versionName,
} from "@/lib/agents/schema";
import { requireAgent } from "../../../../../data";
import { describeSetting } from "../../describe-setting";
import { ChooseVersions } from "./choose-versions.client";

export const metadata = { title: "Compare versions" };

/** Two versions, setting by setting; only those that differ are shown in full. */
export default async function CompareVersionsPage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/settings/versions/compare">) {
  const { member, tenant, agent } = await requireAgent(params);
  const { published, draft, retired } = await listVersions(await supabase(), {
    tenantId: member.tenantId,
    agentId: agent.id,
  });
  const versions = [...(draft ? [draft] : []), published, ...retired];
  const query = await searchParams;
  const find = (id: unknown, otherwise: AgentVersion | undefined): AgentVersion => {
    const found = id === undefined ? otherwise : versions.find((version) => version.id === id);
    return found ?? notFound();
  };
  const from = find(query.from, draft ? published : (retired[0] ?? published));
  const to = find(query.to, draft ?? published);
  const changed = changedSettings(from.settings, to.settings);
  const same = (Object.keys(SETTING_NAMES) as (keyof AgentSettings)[]).filter((name) => !changed.includes(name));
  return (
    <div className="page grid gap-6 py-6">
      <BackHeader
        back={`/${tenant}/agents/${agent.id}/settings/versions`}
        backLabel="All versions"
        title="Compare versions"
      >
        <p className="text-sm text-ink-muted">
          {changed.length === 0
            ? "No setting differs"
            : `${plural(changed.length, "setting")} differ${changed.length === 1 ? "s" : ""}`}
        </p>
      </BackHeader>
      <ChooseVersions
        versions={versions.map(({ id, number, state }) => ({ id, number, state }))}
        from={from.id}
        to={to.id}
      />
      {changed.length === 0 ? (
        <Empty title="They say the same">Choose two other versions to see what differs.</Empty>
      ) : (
        <dl className="grid gap-4">
          {changed.map((name) => (
            <Difference key={name} name={name} from={from} to={to} />
          ))}
        </dl>
      )}
      {changed.length > 0 && same.length > 0 && (
        <p className="text-xs text-ink-muted">
          The same in both: {same.map((name) => SETTING_NAMES[name].toLowerCase()).join(", ")}.
        </p>
      )}
    </div>
  );
}

function Difference({ name, from, to }: { name: keyof AgentSettings; from: AgentVersion; to: AgentVersion }) {
  const parts = wordDiff(describeSetting(name, from.settings), describeSetting(name, to.settings));
  return (
    <div className="grid gap-1.5">
      <dt className="text-sm font-medium">{SETTING_NAMES[name]}</dt>
      <dd className="grid overflow-hidden rounded-lg border border-line md:grid-cols-2">
        <Side
          label={versionName(from)}
          parts={parts.filter(({ kind }) => kind !== "added")}
          className="border-line max-md:border-b md:border-r"
        />
        <Side label={versionName(to)} parts={parts.filter(({ kind }) => kind !== "removed")} />
      </dd>
    </div>
  );
}

const Side = ({
  label,
  parts,
  className = "",
}: {
  label: string;
  parts: ReturnType<typeof wordDiff>;
  className?: string;
}) => (
  <div className={`grid min-w-0 content-start gap-1 px-3 py-2.5 ${className}`}>
    <span className="text-xs text-ink-subtle">{label}</span>
    <p className="text-sm break-words whitespace-pre-wrap" dir="auto">
      {parts.length === 0 && <span className="text-ink-subtle">Empty</span>}
      {parts.map(({ text, kind }, index) => {
        const key = `${index}:${kind}`;
        if (kind === "removed")
          return (
            <del key={key} className="rounded-xs bg-danger-soft text-danger no-underline">
              {text}
            </del>
          );
        if (kind === "added")
          return (
            <ins key={key} className="rounded-xs bg-success-soft text-success no-underline">
              {text}
            </ins>
          );
        return <span key={key}>{text}</span>;
      })}
    </p>
  </div>
);
