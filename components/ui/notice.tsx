import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

const KINDS = {
  info: { Icon: Info, box: "bg-info-soft", icon: "text-info" },
  warning: { Icon: TriangleAlert, box: "bg-warning-soft", icon: "text-warning" },
  danger: { Icon: CircleAlert, box: "bg-danger-soft", icon: "text-danger" },
} as const;

/** Something to know, at the place where it matters: what happened, then what to do. */
export function Notice({
  kind = "info",
  title,
  children,
  action,
  className,
}: {
  kind?: keyof typeof KINDS;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  const { Icon, box, icon } = KINDS[kind];
  return (
    <div
      role={kind === "danger" ? "alert" : "note"}
      className={cn("flex gap-2.5 rounded-md px-3 py-2.5 text-sm", box, className)}
    >
      <Icon className={cn("mt-0.5 size-4 shrink-0", icon)} aria-hidden="true" />
      <div className="grid min-w-0 flex-1 gap-0.5">
        {title && <p className="font-medium break-words">{title}</p>}
        {children && <div className="break-words text-ink-muted">{children}</div>}
        {action && <div className="mt-1.5 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  );
}
