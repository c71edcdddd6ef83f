"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={400}>{children}</Radix.Provider>
);

/** A name or a shortcut for a control that shows neither. */
export const Tooltip = ({
  content,
  children,
  side = "bottom",
}: {
  content: ReactNode;
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
}) => (
  <Radix.Root>
    <Radix.Trigger asChild>{children}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        side={side}
        sideOffset={6}
        collisionPadding={8}
        className="z-50 flex max-w-80 items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs break-words text-surface data-[state=delayed-open]:animate-enter"
      >
        {content}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);
