import { Link2 } from "lucide-react";
import { ExtractedText } from "@/components/extracted-text";
import { Pagination } from "@/components/pagination";
import { Badge } from "@/components/ui/badge";
import { number } from "@/components/ui/number";
import { isOnTheWeb } from "@/components/ui/path";
import { PASSAGES_PER_SCREEN, type Page, type Passage } from "@/lib/agents/schema";
import { passageUrl, placeOf } from "@/lib/knowledge";

/** The passages of a page in its order: each under its headings, with its size and a link that opens the page there. */
export const PassageList = ({
  page,
  screen,
  base,
  passages,
}: {
  page: Pick<Page, "url" | "chunkCount">;
  screen: number;
  base: string;
  passages: Passage[];
}) => (
  <div className="grid gap-3">
    <ol className="grid gap-3">
      {passages.map((passage) => (
        <li key={passage.id} className="grid gap-2.5 rounded-lg border border-line p-4">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-muted">
            <span className="font-medium text-ink tabular-nums">{number(passage.position + 1)}</span>
            <span dir="auto" className="min-w-0 flex-1 basis-40 break-words">
              {passage.headingPath.join(" › ") || "Before the first heading"}
            </span>
            <Badge>{passage.kind}</Badge>
            <span className="tabular-nums">{number(passage.tokenCount)} tokens</span>
            <Place passage={passage} />
            {isOnTheWeb(page.url) && (
              <a
                href={passageUrl(page.url, passage)}
                target="_blank"
                rel="noreferrer"
                className="flex items-center gap-1 text-link"
              >
                <Link2 className="size-3.5" aria-hidden="true" />
                Open at passage<span className="sr-only"> {passage.position + 1}</span>
              </a>
            )}
          </div>
          <ExtractedText markdown={passage.content} />
        </li>
      ))}
    </ol>
    <Pagination
      label="Passages"
      page={screen}
      size={PASSAGES_PER_SCREEN}
      total={page.chunkCount}
      href={(next) => `${base}?as=passages&screen=${next}`}
    />
  </div>
);

/** Of a document: its page or slide. */
function Place({ passage }: { passage: Passage }) {
  const place = placeOf(passage);
  return (
    place && (
      <span className="tabular-nums">
        {place.of} {place.number}
      </span>
    )
  );
}
