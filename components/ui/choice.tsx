"use client";

import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** One of a few, all in sight. Works as radio buttons do: arrows choose, tab leaves. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  disabled,
  className,
  id,
}: {
  /** Read out; the visible label stands beside. */
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange: (value: T) => void;
  disabled?: boolean;
  className?: string;
  id?: string;
}) {
  return (
    <RadioGroup.Root
      id={id}
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      disabled={disabled ?? false}
      orientation="horizontal"
      className={cn("inline-flex w-fit max-w-full flex-wrap rounded-md border border-line-strong p-0.5", className)}
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="inline-flex h-6.5 items-center gap-1.5 rounded-sm px-2.5 text-sm text-ink-muted transition-colors hover:text-ink disabled:opacity-55 aria-checked:bg-hover aria-checked:font-medium aria-checked:text-ink [&_svg]:size-4"
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
