"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";

const overlay = "fixed inset-0 z-40 bg-black/35 data-[state=open]:animate-enter";

type Base = { open: boolean; onOpenChange: (open: boolean) => void; title: ReactNode; children: ReactNode };

/** A question in the middle of the screen. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  className,
}: Base & { description?: ReactNode; className?: string }) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlay} />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cn(
            "fixed top-[max(24px,12vh)] left-1/2 z-50 flex max-h-[80vh] w-[calc(100vw-32px)] max-w-[440px] -translate-x-1/2 flex-col overflow-hidden rounded-lg bg-raised shadow-float data-[state=open]:animate-enter",
            className,
          )}
        >
          <div className="grid gap-1 px-5 pt-5 pr-12">
            <Radix.Title className="text-base font-semibold break-words">{title}</Radix.Title>
            {description && (
              <Radix.Description asChild>
                <div className="text-sm text-ink-muted">{description}</div>
              </Radix.Description>
            )}
          </div>
          {children}
          <CloseButton />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Details beside the list they belong to. */
export function Sheet({ open, onOpenChange, title, children, side = "right" }: Base & { side?: "left" | "right" }) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlay} />
        <Radix.Content
          aria-describedby={undefined}
          className={cn(
            "fixed inset-y-0 z-50 flex w-[min(440px,calc(100vw-40px))] flex-col overflow-y-auto bg-raised shadow-float",
            side === "right" ? "right-0 data-[state=open]:animate-sheet" : "left-0 w-[min(280px,calc(100vw-56px))]",
          )}
        >
          <Radix.Title
            className={cn("px-5 pt-4.5 pr-12 text-base font-semibold break-words", side === "left" && "sr-only")}
          >
            {title}
          </Radix.Title>
          {children}
          <CloseButton className={side === "left" ? "top-auto right-2.5 bottom-2.5" : ""} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const CloseButton = ({ className }: { className?: string }) => (
  <Radix.Close asChild>
    <Button variant="ghost" size="icon-sm" aria-label="Close" className={cn("absolute top-3.5 right-3.5", className)}>
      <X />
    </Button>
  </Radix.Close>
);
