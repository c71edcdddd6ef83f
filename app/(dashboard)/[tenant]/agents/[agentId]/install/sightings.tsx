import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/time";
import type { Sighting } from "@/lib/embed";

const SHOWN = 20;

/** Where browsers loaded the chat, as they asked for it. */
export function Sightings({ sightings }: { sightings: Sighting[] }) {
  if (sightings.length === 0)
    return (
      <p className="text-ink-muted">
        No page has loaded the chat yet. Open one in your browser and point at the bubble; it shows here at once.
      </p>
    );
  return (
    <ul className="overflow-hidden rounded-lg border border-line">
      {sightings.slice(0, SHOWN).map(({ host, allowed, lastSeenAt }) => (
        <li
          key={host}
          className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-0"
        >
          <span dir="ltr" className="min-w-0 flex-1 truncate font-mono text-xs" title={host}>
            {host}
          </span>
          {!allowed && <Badge tone="warning">Not allowed</Badge>}
          <span className="text-xs whitespace-nowrap text-ink-muted">
            <RelativeTime at={lastSeenAt} />
          </span>
        </li>
      ))}
      {sightings.length > SHOWN && (
        <li className="px-3 py-2 text-xs text-ink-muted">and {sightings.length - SHOWN} more</li>
      )}
    </ul>
  );
}
