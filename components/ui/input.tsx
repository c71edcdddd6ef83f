import type { ComponentProps } from "react";
import { cn } from "./cn";

const control =
  "w-full rounded-md border border-line-strong bg-surface text-ink transition-colors placeholder:text-ink-subtle hover:border-ink-subtle focus-visible:border-accent-ink focus-visible:outline-1 focus-visible:outline-offset-0 disabled:bg-muted disabled:text-ink-subtle aria-invalid:border-danger aria-invalid:outline-danger max-sm:text-md";

export const Input = ({ className, ...props }: ComponentProps<"input">) => (
  <input className={cn(control, "h-8 px-2.5 text-sm", className)} {...props} />
);

export const Textarea = ({ className, ...props }: ComponentProps<"textarea">) => (
  <textarea className={cn(control, "field-sizing-content min-h-16 px-2.5 py-1.5 text-sm", className)} {...props} />
);
