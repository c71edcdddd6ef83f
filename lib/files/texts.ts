import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { type Members, type UploadDeps, writeError } from "./deps";
import { queueDocument } from "./queue-document";

const Config = z.object({ text: z.string() }).catch({ text: "" });

type Deps = Pick<UploadDeps, "db" | "queues">;

/** Adds pasted text to an agent. Markdown's headings and tables count. @throws AppError forbidden, not_found */
export async function addText(
  deps: Deps,
  members: Members,
  { tenantId, agentId, name, text }: { tenantId: string; agentId: string; name: string; text: string },
): Promise<{ sourceId: string; runId: string }> {
  const { data, error } = await members
    .from("sources")
    .insert({ tenant_id: tenantId, agent_id: agentId, kind: "text", name, config: { text } })
    .select("id")
    .single();
  if (error) throw writeError(error);
  const { runId } = await queueDocument(deps, { tenantId, sourceId: data.id });
  return { sourceId: data.id, runId };
}

/** Changes a pasted text; only the passages that differ are embedded again. @throws AppError forbidden, not_found */
export async function updateText(
  deps: Deps,
  members: Members,
  { tenantId, sourceId, name, text }: { tenantId: string; sourceId: string; name: string; text: string },
): Promise<{ runId: string }> {
  const { data, error } = await members
    .from("sources")
    .update({ name, config: { text } })
    .eq("tenant_id", tenantId)
    .eq("id", sourceId)
    .eq("kind", "text")
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", "This text no longer exists, or your role may not change it.");
  const { runId } = await queueDocument(deps, { tenantId, sourceId });
  return { runId };
}

/** What a text source holds; "" for every other. Lists of sources leave it out, because it may be long. */
export async function getText(
  members: Members,
  { tenantId, sourceId }: { tenantId: string; sourceId: string },
): Promise<string> {
  const { data, error } = await members
    .from("sources")
    .select("config")
    .eq("tenant_id", tenantId)
    .eq("id", sourceId)
    .eq("kind", "text")
    .maybeSingle();
  if (error) throw writeError(error);
  return Config.parse(data?.config).text;
}
