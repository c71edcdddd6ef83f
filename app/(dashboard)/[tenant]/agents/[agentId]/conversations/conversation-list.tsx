import { CircleHelp, FlaskConical, ThumbsDown, ThumbsUp, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { HoverLink } from "@/components/hover-link";
import { OutcomeBadge } from "@/components/outcome";
import { Badge } from "@/components/ui/badge";
import { plural } from "@/components/ui/number";
import { RelativeTime } from "@/components/ui/time";
import type { ConversationRow } from "@/lib/inbox/schema";

/** What was asked, how it went, and when; the open one is marked. */
export const ConversationList = ({
  base,
  filters,
  rows,
  openId,
}: {
  base: string;
  filters: string;
  rows: ConversationRow[];
  openId: string | null;
}) => (
  <ul className="min-h-0 flex-1 divide-y divide-line lg:overflow-y-auto">
    {rows.map((row) => (
      <li key={row.id}>
        <HoverLink
          href={`${base}/${row.id}${filters}`}
          data-row
          aria-current={row.id === openId ? "page" : undefined}
          className="grid grid-cols-[minmax(0,1fr)] gap-1 px-4 py-2.5 -outline-offset-2 hover:bg-muted aria-[current=page]:bg-hover sm:px-6 lg:px-4"
        >
          <span className="flex items-baseline gap-3">
            <bdi className="min-w-0 flex-1 truncate text-sm font-medium">{row.question ?? "No question yet"}</bdi>
            <RelativeTime at={row.lastMessageAt} className="shrink-0 text-xs text-ink-subtle" />
          </span>
          <span className="truncate text-xs text-ink-muted" dir="auto">
            {row.questions > 1 ? row.lastQuestion : (row.originHost ?? "")}
          </span>
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-ink-muted">
            {row.outcome ? <OutcomeBadge outcome={row.outcome} /> : <Playground />}
            <span>{plural(row.questions, "question")}</span>
            <Mark count={row.unanswered} label="unanswered" icon={<CircleHelp />} />
            <Mark count={row.failed} label="failed" icon={<TriangleAlert />} />
            <Mark count={row.up} label="liked" icon={<ThumbsUp />} />
            <Mark count={row.down} label="disliked" icon={<ThumbsDown />} />
            {row.tags.map((tag) => (
              <Badge key={tag}>
                <bdi>{tag}</bdi>
              </Badge>
            ))}
          </span>
        </HoverLink>
      </li>
    ))}
  </ul>
);

const Playground = () => (
  <span className="flex items-center gap-1 [&_svg]:size-3.5">
    <FlaskConical aria-hidden="true" />
    Playground
  </span>
);

const Mark = ({ count, label, icon }: { count: number; label: string; icon: ReactNode }) =>
  count > 0 && (
    <span className="flex items-center gap-1 tabular-nums [&_svg]:size-3.5" title={`${count} ${label}`}>
      {icon}
      <span>{count}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
