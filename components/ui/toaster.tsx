"use client";

import { Toaster as Sonner } from "sonner";

/** Short confirmations; failures stand at their place instead. */
export const Toaster = () => (
  <Sonner
    position="bottom-right"
    offset={16}
    mobileOffset={12}
    toastOptions={{
      unstyled: true,
      classNames: {
        toast:
          "flex w-full items-center gap-2.5 rounded-lg bg-raised px-3.5 py-3 text-sm text-ink shadow-float sm:w-[356px]",
        icon: "shrink-0 [&_svg]:size-4",
        content: "min-w-0 flex-1 break-words",
        description: "text-xs text-ink-muted",
        actionButton: "h-7 rounded-md border border-line-strong px-2.5 text-xs font-medium hover:bg-muted",
        success: "[&_[data-icon]]:text-success",
        error: "[&_[data-icon]]:text-danger",
      },
    }}
  />
);
