import { HoverLink } from "@/components/hover-link";
import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/time";
import type { QueuedConversation } from "@/lib/engagement/schema";

/** Who waits for a person, and who is with one: above the list, whatever its filters. */
export const Queue = ({
  base,
  filters,
  rows,
  openId,
  userId,
}: {
  base: string;
  filters: string;
  rows: QueuedConversation[];
  openId: string | null;
  userId: string;
}) => {
  const waiting = rows.filter(({ isWaiting }) => isWaiting).length;
  return (
    <section aria-labelledby="queue" className="border-b border-line">
      <h2
        id="queue"
        className="flex items-center gap-2 px-4 pt-3 pb-1 text-xs font-medium text-ink-muted sm:px-6 lg:px-4"
      >
        With people
        {waiting > 0 && (
          <Badge tone="warning" live>
            {waiting} waiting
          </Badge>
        )}
      </h2>
      <ul className="max-h-64 overflow-y-auto pb-1.5">
        {rows.map((row) => (
          <li key={row.conversationId}>
            <HoverLink
              href={`${base}/${row.conversationId}${filters}`}
              aria-current={row.conversationId === openId ? "page" : undefined}
              className="flex items-center gap-3 px-4 py-1.5 text-sm -outline-offset-2 hover:bg-muted aria-[current=page]:bg-hover sm:px-6 lg:px-4"
            >
              <bdi className="min-w-0 flex-1 truncate">{row.lastMessage ?? "No question yet"}</bdi>
              {row.isWaiting ? (
                <span className="shrink-0 text-xs text-warning">
                  waits, <RelativeTime at={row.requestedAt} />
                </span>
              ) : (
                <span className="max-w-32 shrink-0 truncate text-xs text-ink-muted">
                  {row.operatorId === userId ? "with you" : <bdi>{row.operatorName ?? "a colleague"}</bdi>}
                </span>
              )}
            </HoverLink>
          </li>
        ))}
      </ul>
    </section>
  );
};
