import { Download } from "lucide-react";
import Link from "next/link";
import { platform } from "@/app/_server/platform";
import { PageHeader } from "@/components/page-header";
import { Pagination } from "@/components/pagination";
import { SearchBox } from "@/components/search-box";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { getEngagement } from "@/lib/engagement";
import { listLeads } from "@/lib/leads";
import { LEADS_PER_PAGE, LEADS_SEARCHED, LeadQuery } from "@/lib/leads/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../data";
import { LeadTable } from "./lead-table.client";

export const metadata = { title: "Leads" };

export default async function LeadsPage({ params, searchParams }: PageProps<"/[tenant]/agents/[agentId]/leads">) {
  const { member, tenant, agent } = await requireAgent(params);
  const base = `/${tenant}/agents/${agent.id}`;
  const header = (
    <PageHeader title="Leads">
      Contact details that visitors left in the agent's form. They are encrypted; operators and above read them.
    </PageHeader>
  );
  if (!roleAtLeast(member.role, "operator"))
    return (
      <div className="page grid gap-6 py-6">
        {header}
        <Notice title="Only operators and above see contact details">Your role is {member.role}.</Notice>
      </div>
    );
  const { cipher } = platform();
  if (!cipher)
    return (
      <div className="page grid gap-6 py-6">
        {header}
        <Notice kind="warning" title="Contact details cannot be kept on this server">
          Ask whoever runs it to set FIELD_ENCRYPTION_KEYS. Until then no form is shown to visitors.
        </Notice>
      </div>
    );
  const query = LeadQuery.parse(await searchParams);
  const ref = { tenantId: member.tenantId, agentId: agent.id };
  const [{ leads, total, searchedAll }, { leadForm }] = await Promise.all([
    listLeads({ cipher }, member.db, { ...ref, ...query }),
    getEngagement(member.db, ref),
  ]);
  const href = (page: number) =>
    `${base}/leads?${new URLSearchParams({ ...(query.q && { q: query.q }), page: `${page}` })}`;
  return (
    <div className="page grid gap-6 py-6">
      {header}
      {total === 0 && !query.q ? (
        <Empty
          title="No leads yet"
          action={
            <Button asChild variant={leadForm ? "secondary" : "primary"}>
              <Link href={`${base}/engagement`}>{leadForm ? "Change the form" : "Set up a form"}</Link>
            </Button>
          }
        >
          {leadForm
            ? "They appear here as soon as a visitor fills in the form."
            : "A form in the chat asks visitors how to reach them, for example when the agent does not know the answer."}
        </Empty>
      ) : (
        <>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <SearchBox label="Search leads" placeholder="Search names, addresses, notes" />
            <Button asChild size="sm">
              <a href={`/api/leads/${agent.id}/export?workspace=${tenant}`} download>
                <Download />
                Export CSV
              </a>
            </Button>
          </div>
          {!searchedAll && (
            <Notice>
              The newest {LEADS_SEARCHED.toLocaleString("en")} were searched: what is encrypted cannot be searched by
              the database. The export holds all.
            </Notice>
          )}
          {leads.length === 0 ? (
            <Empty title="No lead fits">Search for other words.</Empty>
          ) : (
            <LeadTable
              tenant={tenant}
              base={base}
              leads={leads}
              fields={leadForm?.fields ?? []}
              mayDelete={roleAtLeast(member.role, "admin")}
            />
          )}
          <Pagination label="Pages of the leads" page={query.page} size={LEADS_PER_PAGE} total={total} href={href} />
        </>
      )}
    </div>
  );
}
