import { Files, FileText, Globe, type LucideIcon, Map as MapIcon, MessageCircleQuestion, Type } from "lucide-react";
import type { SourceKind } from "@/lib/crawl/schema";

const KINDS: Record<SourceKind, { Icon: LucideIcon; label: string }> = {
  website: { Icon: Globe, label: "Website" },
  sitemap: { Icon: MapIcon, label: "Sitemap" },
  urls: { Icon: FileText, label: "Single pages" },
  file: { Icon: Files, label: "File" },
  text: { Icon: Type, label: "Text" },
  qa: { Icon: MessageCircleQuestion, label: "Questions and answers" },
};

export const sourceKindLabel = (kind: SourceKind): string => KINDS[kind].label;

/** The sign of a kind of source; its name is for those who cannot see it. */
export const SourceKindIcon = ({ kind }: { kind: SourceKind }) => {
  const { Icon, label } = KINDS[kind];
  return <Icon className="size-4 shrink-0 text-ink-subtle" aria-label={label} role="img" />;
};
