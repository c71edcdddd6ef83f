import { notFound } from "next/navigation";
import { z } from "zod";
import { platform } from "@/app/_server/platform";
import { BackHeader } from "@/components/back-header";
import { Tab, Tabs } from "@/components/tabs";
import { Notice } from "@/components/ui/notice";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../../data";
import { PairsForm } from "./pairs-form.client";
import { TextForm } from "./text-form.client";
import { UploadForm } from "./upload-form.client";

export const metadata = { title: "Add files, text or questions" };

const Kind = z.enum(["files", "text", "questions"]).catch("files");

/** What is not on the web: files, pasted text, questions with their answers. */
export default async function AddContentPage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/sources/add">) {
  const { member, tenant, agent } = await requireAgent(params);
  if (!roleAtLeast(member.role, "admin")) notFound();
  const kind = Kind.parse((await searchParams).kind);
  const base = `/${tenant}/agents/${agent.id}/sources`;
  const { env, storage } = platform();
  const ids = { tenant, agentId: agent.id };
  return (
    <div className="page grid max-w-3xl gap-5 py-5">
      <BackHeader back={base} backLabel="Back to sources" title="Add files, text or questions">
        <p className="text-sm text-ink-muted">
          What your website does not say. The agent answers from it as from a page.
        </p>
      </BackHeader>
      <div className="border-b border-line">
        <Tabs label="Kind of source">
          <Tab href={`${base}/add`} current={kind === "files"}>
            Files
          </Tab>
          <Tab href={`${base}/add?kind=text`} current={kind === "text"}>
            Text
          </Tab>
          <Tab href={`${base}/add?kind=questions`} current={kind === "questions"}>
            Questions
          </Tab>
        </Tabs>
      </div>
      {kind === "files" &&
        (storage ? (
          <UploadForm {...ids} maxBytes={env.MAX_FILE_SIZE_MB * 1024 * 1024} several={env.ENABLE_BULK_UPLOAD} />
        ) : (
          <Notice kind="warning" title="Uploads are not set up on this server">
            Whoever runs it has to set SUPABASE_SECRET_KEY. Text and questions work without it.
          </Notice>
        ))}
      {kind === "text" && <TextForm {...ids} />}
      {kind === "questions" && <PairsForm {...ids} />}
    </div>
  );
}
