"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

export function AgentTabs({ base, playground }: { base: string; playground: boolean }) {
  const path = usePathname();
  const tabs = [
    { href: base, label: "Overview" },
    ...(playground ? [{ href: `${base}/playground`, label: "Playground" }] : []),
    { href: `${base}/sources`, label: "Sources" },
    { href: `${base}/install`, label: "Install" },
    { href: `${base}/settings`, label: "Settings" },
  ];
  return (
    <nav aria-label="Agent" className="scrollbar-none -mx-2 mt-2 flex gap-0.5 overflow-x-auto">
      {tabs.map(({ href, label }) => {
        const current = href === base ? path === base : path.startsWith(href);
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className="relative flex h-9 items-center rounded-md px-2 text-sm whitespace-nowrap text-ink-muted -outline-offset-2 transition-colors hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:after:absolute aria-[current=page]:after:inset-x-2 aria-[current=page]:after:bottom-0 aria-[current=page]:after:h-0.5 aria-[current=page]:after:rounded-full aria-[current=page]:after:bg-accent-ink"
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
