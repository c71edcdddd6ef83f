import type { ReactNode } from "react";

/** What is known of one thing, a line each. */
export const Facts = ({ children }: { children: ReactNode }) => <dl className="grid">{children}</dl>;

export const Fact = ({ label, children }: { label: ReactNode; children: ReactNode }) => (
  <div className="flex min-h-9 items-center justify-between gap-4 border-b border-line py-1.5 last:border-0">
    <dt className="text-ink-muted">{label}</dt>
    <dd className="min-w-0 text-right break-words tabular-nums">{children}</dd>
  </div>
);
