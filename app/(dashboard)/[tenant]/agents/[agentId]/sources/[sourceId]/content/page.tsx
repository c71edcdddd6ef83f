import { notFound } from "next/navigation";
import { platform } from "@/app/_server/platform";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { getText, listFiles, listPairs } from "@/lib/files";
import { roleAtLeast } from "@/lib/tenancy";
import { requireSource } from "../../../../../data";
import { PairsForm } from "../../add/pairs-form.client";
import { TextForm } from "../../add/text-form.client";
import { UploadForm } from "../../add/upload-form.client";
import { SourceHead } from "../source-head";
import { FileList } from "./file-list.client";
import { PairList } from "./pair-list.client";

export const metadata = { title: "Contents" };

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
  const text = source.kind === "text" ? await getText(member.db, ref) : "";
  if (!["file", "text", "qa"].includes(source.kind)) notFound();
  const { env, storage } = platform();
  return (
    <div className="page grid max-w-4xl gap-5 py-5">
      <SourceHead
        tenant={tenant}
        source={source}
        mayEdit={mayEdit}
        list={`/${tenant}/agents/${agent.id}/sources`}
        view="content"
      />
      {source.errorMessage && <Notice kind="danger">{source.errorMessage}</Notice>}
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
      {source.kind === "text" &&
        (mayEdit ? (
          <TextForm {...ids} name={source.name} text={text} />
        ) : (
          <p dir="auto" className="max-w-[68ch] text-sm break-words whitespace-pre-wrap">
            {text}
          </p>
        ))}
      {source.kind === "qa" && (
        <>
          {pairs.length === 0 ? (
            <Empty title="No questions in this list">The agent answers from each question that is added here.</Empty>
          ) : (
            <PairList tenant={tenant} pairs={pairs} mayEdit={mayEdit} />
          )}
          {mayEdit && <PairsForm {...ids} />}
        </>
      )}
    </div>
  );
}
