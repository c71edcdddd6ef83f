"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

export const Menu = ({
  trigger,
  children,
  align = "start",
  side = "bottom",
  className,
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  className?: string;
}) => (
  <Radix.Root>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        align={align}
        side={side}
        sideOffset={4}
        collisionPadding={8}
        className={cn(
          "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-lg bg-raised p-1 shadow-float data-[state=open]:animate-enter",
          className,
        )}
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);

const item =
  "flex h-8 w-full cursor-pointer items-center gap-2 rounded-md px-2 text-sm outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-subtle";

export const MenuItem = ({ className, danger, ...props }: ComponentProps<typeof Radix.Item> & { danger?: boolean }) => (
  <Radix.Item className={cn(item, danger && "text-danger [&_svg]:text-danger", className)} {...props} />
);

export const MenuRadio = ({
  value,
  onChange,
  options,
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  options: { value: string; label: string }[];
  label: string;
}) => (
  <Radix.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
    {options.map((option) => (
      <Radix.RadioItem key={option.value} value={option.value} className={item}>
        <span className="flex size-4 items-center justify-center">
          <Radix.ItemIndicator>
            <Check />
          </Radix.ItemIndicator>
        </span>
        {option.label}
      </Radix.RadioItem>
    ))}
  </Radix.RadioGroup>
);

/** One of several that may be chosen together: the menu stays open. */
export const MenuCheck = ({ children, ...props }: ComponentProps<typeof Radix.CheckboxItem>) => (
  <Radix.CheckboxItem className={item} onSelect={(event) => event.preventDefault()} {...props}>
    <span className="flex size-4 shrink-0 items-center justify-center">
      <Radix.ItemIndicator>
        <Check />
      </Radix.ItemIndicator>
    </span>
    <span className="min-w-0 truncate">{children}</span>
  </Radix.CheckboxItem>
);

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="truncate px-2 py-1.5 text-xs text-ink-subtle">{children}</Radix.Label>
);
export const MenuSeparator = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
