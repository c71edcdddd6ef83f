import { RelativeTime } from "@/components/ui/time";
import { type ModelChange, modelName } from "@/lib/models/schema";
import { differences } from "./describe-model";

/** The latest changes: who, when, from what to what. */
export function ChangeList({ changes }: { changes: ModelChange[] }) {
  return (
    <section className="grid gap-3" aria-labelledby="changes">
      <h2 id="changes" className="text-base font-semibold">
        Changes
      </h2>
      {changes.length === 0 ? (
        <p className="text-sm text-ink-muted">Nobody has changed a model yet. Each change will stand here for good.</p>
      ) : (
        <ol className="grid divide-y divide-line rounded-lg border border-line bg-surface text-sm">
          {changes.map((change) => (
            <li key={change.id} className="grid gap-1 px-3 py-2.5">
              <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
                <span className="min-w-0 break-words">
                  <bdi className="font-medium break-all">{modelName(change)}</bdi> {verbOf(change)}
                </span>
                <span className="text-xs text-ink-subtle">
                  <bdi className="break-all">{change.changedBy ?? "The database’s owner"}</bdi>,{" "}
                  <RelativeTime at={change.changedAt} />
                </span>
              </div>
              {change.before && change.after && (
                <ul className="grid gap-0.5 text-ink-muted">
                  {differences(change.before, change.after).map(({ label, from, to }) => (
                    <li key={label} className="break-words">
                      {label}: <bdi>{from}</bdi> → <bdi className="text-ink">{to}</bdi>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const verbOf = ({ before, after }: ModelChange): string =>
  before === null ? "was added" : after === null ? "was removed" : "was changed";
