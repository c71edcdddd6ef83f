"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { Button, type ButtonProps } from "./button";

/** Copies `text`; says so for two seconds, and to screen readers. */
export function CopyButton({
  text,
  label = "Copy",
  onCopied,
  iconOnly,
  ...props
}: {
  text: string;
  label?: string;
  iconOnly?: boolean;
  onCopied?: () => void;
} & Omit<ButtonProps, "children" | "onClick" | "onCopy">) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      onCopied?.();
    } catch {
      toast.error("The browser did not allow copying. Select the text and copy it by hand.");
    }
  }
  const Icon = copied ? Check : Copy;
  return (
    <Button onClick={copy} {...(iconOnly && { "aria-label": label, size: "icon-sm" })} {...props}>
      <Icon />
      {!iconOnly && (copied ? "Copied" : label)}
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </Button>
  );
}
