"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";

/** Views of one thing, each with its own address, under a line that marks the one that is shown. */
export const Tabs = ({ label, children }: { label: string; children: ReactNode }) => (
  <nav aria-label={label} className="scrollbar-none -mx-2 flex gap-0.5 overflow-x-auto">
    {children}
  </nav>
);

export function Tab({
  href,
  current,
  children,
}: {
  href: string;
  /** Absent: whether the address is below `href`. */
  current?: boolean;
  children: ReactNode;
}) {
  const path = usePathname();
  const isCurrent = current ?? path.startsWith(href);
  const tab = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // Where not all fit beside each other, the one that is shown does. Not scrollIntoView, which would move the page too.
    const row = tab.current?.parentElement;
    if (!isCurrent || !row || !tab.current) return;
    const { left, right } = tab.current.getBoundingClientRect();
    const within = row.getBoundingClientRect();
    if (right > within.right) row.scrollLeft += right - within.right;
    else if (left < within.left) row.scrollLeft -= within.left - left;
  }, [isCurrent]);
  return (
    <Link
      ref={tab}
      href={href}
      aria-current={isCurrent ? "page" : undefined}
      className="relative flex h-9 items-center gap-1.5 rounded-md px-2 text-sm whitespace-nowrap text-ink-muted -outline-offset-2 transition-colors hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:after:absolute aria-[current=page]:after:inset-x-2 aria-[current=page]:after:bottom-0 aria-[current=page]:after:h-0.5 aria-[current=page]:after:rounded-full aria-[current=page]:after:bg-accent-ink"
    >
      {children}
    </Link>
  );
}
