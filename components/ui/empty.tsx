import type { ReactNode } from "react";
import { cn } from "./cn";

/** What this place is for, and the one thing to do. */
export const Empty = ({
  picture,
  title,
  children,
  action,
  className,
}: {
  picture?: ReactNode;
  title: ReactNode;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}) => (
  <div
    className={cn(
      "flex flex-col items-center gap-4 rounded-lg border border-dashed border-line-strong px-6 py-14 text-center",
      className,
    )}
  >
    {picture}
    <div className="grid gap-1">
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="max-w-[48ch] text-sm text-ink-muted">{children}</p>
    </div>
    {action}
  </div>
);
