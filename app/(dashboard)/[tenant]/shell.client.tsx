"use client";

import { Menu as MenuIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { Mark } from "@/components/logo";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { SkipLink } from "@/components/ui/skip-link";
import { CommandMenu } from "./command-menu.client";
import type { ShellProps } from "./shell-props";
import { Shortcuts } from "./shortcuts.client";
import { Sidebar } from "./sidebar.client";

const remember = (name: string, value: string) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in Safari and Firefox yet
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
};

/** The frame of every dashboard page: sidebar (a sheet on phones), command menu, shortcuts. */
export function Shell({
  collapsed: initiallyCollapsed,
  children,
  ...props
}: ShellProps & { collapsed: boolean; children: ReactNode }) {
  const [collapsed, setCollapsed] = useState(initiallyCollapsed);
  const [sheet, setSheet] = useState(false);
  const [menu, setMenu] = useState(false);
  const [help, setHelp] = useState(false);
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever opened the sheet, a navigation closes it
  useEffect(() => setSheet(false), [path]);
  useEffect(() => remember("workspace", props.tenant.slug), [props.tenant.slug]);

  const sidebar = {
    ...props,
    onSearch: () => {
      setSheet(false);
      setMenu(true);
    },
    onHelp: () => setHelp(true),
  };
  return (
    <div className="flex min-h-dvh">
      <SkipLink to="content">Skip to content</SkipLink>
      <aside
        className={`sticky top-0 hidden h-dvh shrink-0 border-r border-line md:block ${collapsed ? "w-[53px]" : "w-[232px]"}`}
      >
        <Sidebar
          {...sidebar}
          collapsed={collapsed}
          onCollapse={() => {
            setCollapsed(!collapsed);
            remember("sidebar", collapsed ? "open" : "collapsed");
          }}
        />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col bg-surface">
        <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-surface px-2 md:hidden">
          <Button variant="ghost" size="icon" aria-label="Open navigation" onClick={() => setSheet(true)}>
            <MenuIcon />
          </Button>
          <Link
            href={`/${props.tenant.slug}`}
            className="flex min-w-0 items-center gap-2 rounded-md text-sm font-medium"
          >
            <Mark />
            <bdi className="truncate">{props.tenant.name}</bdi>
          </Link>
        </header>
        <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          {children}
        </main>
      </div>
      <Sheet open={sheet} onOpenChange={setSheet} title="Navigation" side="left">
        <Sidebar {...sidebar} collapsed={false} />
      </Sheet>
      <CommandMenu {...props} open={menu} onOpenChange={setMenu} onHelp={() => setHelp(true)} />
      <Shortcuts
        tenant={props.tenant.slug}
        help={help}
        onHelpChange={setHelp}
        onMenu={() => setMenu((open) => !open)}
      />
    </div>
  );
}
