import { requireMember } from "@/app/_server/session";
import { Empty } from "@/components/ui/empty";
import { roleAtLeast } from "@/lib/tenancy";
import { agentsOf } from "../../data";
import { NewAgentForm } from "./new-agent-form.client";

export const metadata = { title: "New agent" };

export default async function NewAgentPage({ params }: PageProps<"/[tenant]/agents/new">) {
  const { tenant, tenantId, role } = await requireMember((await params).tenant);
  const first = (await agentsOf(tenantId)).length === 0;
  return (
    <div className="mx-auto w-full max-w-[520px] px-4 pt-[min(12vh,120px)] pb-10">
      {roleAtLeast(role, "admin") ? (
        <>
          <div className="mb-6 grid gap-1">
            <h1 className="text-xl font-semibold tracking-[-0.01em]">
              {first ? "Create your first agent" : "New agent"}
            </h1>
            <p className="text-sm text-ink-muted">
              Give the address of a website or help centre. The agent reads its public pages and answers from them, with
              sources.
            </p>
          </div>
          <NewAgentForm tenant={tenant.slug} />
        </>
      ) : (
        <Empty title="You cannot create agents here">Your role is {role}. Ask an admin of this workspace.</Empty>
      )}
    </div>
  );
}
