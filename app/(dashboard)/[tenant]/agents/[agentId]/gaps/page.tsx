import Link from "next/link";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { listGaps } from "@/lib/inbox";
import { type Gap, GapStatus } from "@/lib/inbox/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../data";
import { LiveInbox } from "../../../live.client";
import { GapRow } from "./gap-row.client";

export const metadata = { title: "Knowledge gaps" };

const TABS: { status: GapStatus; label: string }[] = [
  { status: "open", label: "Open" },
  { status: "solved", label: "Solved" },
  { status: "dismissed", label: "Dismissed" },
];

/** What visitors ask and the knowledge does not answer, the most asked first. */
export default async function GapsPage({ params, searchParams }: PageProps<"/[tenant]/agents/[agentId]/gaps">) {
  const { member, tenant, agent } = await requireAgent(params);
  const status = GapStatus.catch("open").parse((await searchParams).status);
  const gaps = await listGaps(member.db, { tenantId: member.tenantId, agentId: agent.id }, status);
  const base = `/${tenant}/agents/${agent.id}`;
  return (
    <div className="page grid gap-4 py-6">
      <LiveInbox agentId={agent.id} />
      <PageHeader title="Knowledge gaps">
        Questions of visitors that were not known, disliked, or answered with what the sources do not say; those that
        ask the same stand together.
      </PageHeader>
      <nav aria-label="Status" className="-mx-1 flex gap-0.5">
        {TABS.map((tab) => (
          <Link
            key={tab.status}
            href={tab.status === "open" ? `${base}/gaps` : `${base}/gaps?status=${tab.status}`}
            aria-current={tab.status === status ? "page" : undefined}
            className="flex h-8 items-center rounded-md px-2.5 text-sm text-ink-muted hover:bg-muted aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {tab.label}
          </Link>
        ))}
      </nav>
      {gaps.length === 0 ? (
        <NoGaps status={status} />
      ) : (
        <ul aria-label="Knowledge gaps" className="divide-y divide-line rounded-lg border border-line bg-surface">
          {gaps.map((gap: Gap) => (
            <li key={gap.id}>
              <GapRow
                tenant={tenant}
                agentId={agent.id}
                gap={gap}
                status={status}
                mayEdit={roleAtLeast(member.role, "operator")}
                mayAdd={roleAtLeast(member.role, "admin")}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const NoGaps = ({ status }: { status: GapStatus }) =>
  status === "open" ? (
    <Empty title="No open gaps">
      When a visitor asks something that the agent does not know, or dislikes an answer, it appears here within a
      minute, with what to add.
    </Empty>
  ) : (
    <Empty title={status === "solved" ? "Nothing solved yet" : "Nothing dismissed"} className="py-10">
      {status === "solved"
        ? "A gap is solved when you answer it, or say so. It opens again when the same is asked in vain."
        : "What you dismiss stays here, and does not come back by itself."}
    </Empty>
  );
