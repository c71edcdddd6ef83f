import type { ReactNode } from "react";
import { cn } from "./ui/cn";

/** The title row of a page: what it is, one line about it, and the one primary action. */
export const PageHeader = ({
  title,
  children,
  action,
  className,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) => (
  <div className={cn("flex flex-wrap items-start justify-between gap-x-6 gap-y-3", className)}>
    <div className="grid min-w-0 gap-0.5">
      <h1 className="text-lg font-semibold tracking-[-0.01em] break-words">{title}</h1>
      {children && <div className="max-w-[68ch] text-sm text-ink-muted">{children}</div>}
    </div>
    {action && <div className="flex flex-wrap items-center gap-2">{action}</div>}
  </div>
);
