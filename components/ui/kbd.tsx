import type { ReactNode } from "react";
import { cn } from "./cn";

export const Kbd = ({ children, className }: { children: ReactNode; className?: string }) => (
  <kbd
    className={cn(
      "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-line bg-muted px-1 font-sans text-2xs text-ink-muted",
      className,
    )}
  >
    {children}
  </kbd>
);
