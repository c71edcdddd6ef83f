import { notFound } from "next/navigation";
import { z } from "zod";
import { platform } from "@/app/_server/platform";
import { BackHeader } from "@/components/back-header";
import { Empty } from "@/components/ui/empty";
import { listFiles, listPairs } from "@/lib/files";
import { roleAtLeast } from "@/lib/tenancy";
import { requireSource } from "../../../../../data";
import { LiveRefresh } from "../../../../../live.client";
import { PairsForm } from "../../add/pairs-form.client";
import { TextForm } from "../../add/text-form.client";
import { UploadForm } from "../../add/upload-form.client";
import { FileList } from "./file-list.client";
import { PairList } from "./pair-list.client";

export const metadata = { title: "Contents" };

const TextConfig = z.object({ text: z.string() }).catch({ text: "" });

/** What a source of files, text or questions holds, to be added to and changed. */
export default async function ContentPage({
  params,
}: PageProps<"/[tenant]/agents/[agentId]/sources/[sourceId]/content">) {
  const { member, tenant, agent, source } = await requireSource(params);
  const ref = { tenantId: member.tenantId, sourceId: source.id };
  const ids = { tenant, agentId: agent.id, sourceId: source.id };
  const mayEdit = roleAtLeast(member.role, "admin");
  const files = source.kind === "file" ? await listFiles(member.db, ref) : [];
  const pairs = source.kind === "qa" ? await listPairs(member.db, ref) : [];
  if (!["file", "text", "qa"].includes(source.kind)) notFound();
  const { env, storage } = platform();
  return (
    <div className="page grid max-w-4xl gap-5 py-5">
      <LiveRefresh active={source.status === "crawling" || source.status === "pending"} />
      <BackHeader
        back={`/${tenant}/agents/${agent.id}/sources/${source.id}`}
        backLabel={`Back to ${source.name}`}
        title={source.name}
      >
        {source.errorMessage && <p className="text-sm text-danger">{source.errorMessage}</p>}
      </BackHeader>
      {source.kind === "file" && (
        <>
          {files.length === 0 ? (
            <Empty title="No files yet">What you upload here is listed with what became of it.</Empty>
          ) : (
            <FileList tenant={tenant} files={files} mayEdit={mayEdit} />
          )}
          {mayEdit && storage && (
            <UploadForm {...ids} maxBytes={env.MAX_FILE_SIZE_MB * 1024 * 1024} several={env.ENABLE_BULK_UPLOAD} />
          )}
        </>
      )}
      {source.kind === "text" && <TextForm {...ids} name={source.name} text={TextConfig.parse(source.config).text} />}
      {source.kind === "qa" && (
        <>
          <PairList tenant={tenant} pairs={pairs} mayEdit={mayEdit} />
          {mayEdit && <PairsForm {...ids} />}
        </>
      )}
    </div>
  );
}
