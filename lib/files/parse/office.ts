import { posix } from "node:path";
import { firstNamed, nodesNamed, readXml } from "./xml";
import type { Archive } from "./zip";

/** What an office file says about itself. A title that is only the template's or the program's is worth nothing. */
export async function coreProperties(archive: Archive): Promise<{ title: string; language: string | null }> {
  const bytes = await archive.read("docProps/core.xml");
  if (!bytes) return { title: "", language: null };
  const root = readXml(bytes);
  const title = firstNamed(root, "title")?.text.replace(/\s+/g, " ").trim() ?? "";
  const language = /^[a-z]{2,3}\b/i.exec(firstNamed(root, "language")?.text.trim() ?? "")?.[0]?.toLowerCase() ?? null;
  return {
    title: /^(presentation|powerpoint|document|untitled|slide 1|word document)\b/i.test(title)
      ? ""
      : title.slice(0, 300),
    language,
  };
}

/** Targets of a part's relations by their ids, as names within the archive; those that lead outside of it are left out. */
export async function relationsOf(
  archive: Archive,
  part: string,
): Promise<Map<string, { target: string; type: string }>> {
  const folder = posix.dirname(part);
  const bytes = await archive.read(`${folder}/_rels/${posix.basename(part)}.rels`);
  const relations = new Map<string, { target: string; type: string }>();
  if (!bytes) return relations;
  for (const { attributes } of nodesNamed(readXml(bytes), "Relationship")) {
    const { Id, Target, Type = "", TargetMode } = attributes;
    if (!Id || !Target || TargetMode === "External") continue;
    const target = Target.startsWith("/") ? Target.slice(1) : posix.normalize(posix.join(folder, Target));
    relations.set(Id, { target, type: Type.slice(Type.lastIndexOf("/") + 1) });
  }
  return relations;
}
