import type { ComponentProps } from "react";
import { cn } from "./cn";

/** The browser's own list: it works with every keyboard, screen reader and phone. */
export const Select = ({ className, ...props }: ComponentProps<"select">) => (
  <select
    className={cn(
      "h-8 w-full rounded-md border border-line-strong bg-surface px-2 text-sm text-ink hover:border-ink-subtle disabled:bg-muted disabled:text-ink-subtle max-sm:text-md",
      className,
    )}
    {...props}
  />
);
