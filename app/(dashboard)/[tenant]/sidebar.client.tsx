"use client";

import {
  ChevronsUpDown,
  CircleUser,
  Cpu,
  Keyboard,
  LayoutGrid,
  ListOrdered,
  LogOut,
  PanelLeft,
  Plus,
  Search,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useTransition } from "react";
import { signOut } from "@/app/(auth)/actions";
import { AgentMark } from "@/components/agent-mark";
import { HoverLink } from "@/components/hover-link";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { Menu, MenuItem, MenuLabel, MenuRadio, MenuSeparator } from "@/components/ui/menu";
import { Tooltip } from "@/components/ui/tooltip";
import type { ShellProps } from "./shell-props";
import { useTheme } from "./use-theme";

const row =
  "flex h-8 w-full items-center gap-2 rounded-md px-2 text-sm text-ink-muted transition-colors hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-ink data-[state=open]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0";

export function Sidebar({
  tenant,
  workspaces,
  email,
  runsPlatform,
  agents,
  collapsed,
  onCollapse,
  onSearch,
  onHelp,
}: ShellProps & {
  collapsed: boolean;
  onCollapse?: () => void;
  onSearch: () => void;
  onHelp: () => void;
}) {
  const path = usePathname();
  const base = `/${tenant.slug}`;
  const [signingOut, startSignOut] = useTransition();
  const { theme, setTheme } = useTheme();
  return (
    <div className="flex h-full min-h-0 flex-col gap-3 bg-canvas p-2.5">
      <div className="flex items-center gap-1">
        <Menu
          className="w-56"
          trigger={
            <button type="button" className={cn(row, "text-ink")}>
              <span className="sr-only">Workspace</span>
              <Initial name={tenant.name} />
              {collapsed ? (
                <bdi className="sr-only">{tenant.name}</bdi>
              ) : (
                <>
                  <bdi className="min-w-0 flex-1 truncate text-left font-medium">{tenant.name}</bdi>
                  <ChevronsUpDown className="text-ink-subtle" />
                </>
              )}
            </button>
          }
        >
          <MenuLabel>Workspaces</MenuLabel>
          {workspaces.map((workspace) => (
            <MenuItem key={workspace.id} asChild>
              <Link href={`/${workspace.slug}`}>
                <Initial name={workspace.name} />
                <bdi className="min-w-0 flex-1 truncate">{workspace.name}</bdi>
                <span className="text-xs text-ink-subtle">{workspace.role}</span>
              </Link>
            </MenuItem>
          ))}
        </Menu>
      </div>

      <nav aria-label="Main" className="grid gap-0.5">
        <Named label="Search" collapsed={collapsed}>
          <button type="button" className={row} onClick={onSearch} aria-label={collapsed ? "Search" : undefined}>
            <Search />
            {!collapsed && (
              <>
                <span className="flex-1 text-left">Search</span>
                <Kbd>⌘K</Kbd>
              </>
            )}
          </button>
        </Named>
        <Named label="Agents" collapsed={collapsed}>
          <Link
            href={base}
            className={row}
            aria-current={path === base ? "page" : undefined}
            aria-label={collapsed ? "Agents" : undefined}
          >
            <LayoutGrid />
            {!collapsed && "Agents"}
          </Link>
        </Named>
        <Named label="New agent" collapsed={collapsed}>
          <Link
            href={`${base}/agents/new`}
            className={row}
            aria-current={path === `${base}/agents/new` ? "page" : undefined}
            aria-label={collapsed ? "New agent" : undefined}
          >
            <Plus />
            {!collapsed && "New agent"}
          </Link>
        </Named>
      </nav>

      <nav
        aria-label="Your agents"
        className="-mx-2.5 grid min-h-0 flex-1 grid-cols-1 content-start gap-0.5 overflow-y-auto px-2.5"
      >
        {agents.length > 0 && !collapsed && <h2 className="px-2 pb-1 text-xs text-ink-subtle">Your agents</h2>}
        {agents.slice(0, 30).map((agent) => {
          const href = `${base}/agents/${agent.id}`;
          const current = path.startsWith(href);
          return (
            <Named key={agent.id} label={agent.name} collapsed={collapsed}>
              <HoverLink
                href={href}
                className={row}
                aria-current={current ? "page" : undefined}
                aria-label={collapsed ? agent.name : undefined}
              >
                <AgentMark color={agent.accentColor} size="sm" />
                {!collapsed && <bdi className="min-w-0 truncate">{agent.name}</bdi>}
              </HoverLink>
            </Named>
          );
        })}
        {agents.length > 30 && !collapsed && (
          <Link href={base} className={row}>
            All {agents.length} agents
          </Link>
        )}
      </nav>

      <div className={cn("flex gap-0.5", collapsed && "flex-col", !onCollapse && "pr-8")}>
        <Menu
          side="top"
          className="w-56"
          trigger={
            <button type="button" className={cn(row, "min-w-0 flex-1")}>
              <span className="sr-only">Account</span>
              <CircleUser />
              {!collapsed && <span className="min-w-0 truncate">{email}</span>}
            </button>
          }
        >
          <MenuLabel>{email}</MenuLabel>
          <MenuSeparator />
          <MenuLabel>Appearance</MenuLabel>
          <MenuRadio
            label="Appearance"
            value={theme}
            onChange={(value) => setTheme(value as typeof theme)}
            options={[
              { value: "system", label: "As the system" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
          />
          {runsPlatform && (
            <>
              <MenuSeparator />
              <MenuLabel>Platform</MenuLabel>
              <MenuItem asChild>
                <Link href="/admin/models">
                  <Cpu />
                  Models
                </Link>
              </MenuItem>
              <MenuItem asChild>
                {/* not a page of this app: a full load */}
                <a href="/admin/queues">
                  <ListOrdered />
                  Queues
                </a>
              </MenuItem>
            </>
          )}
          <MenuSeparator />
          <MenuItem onSelect={onHelp}>
            <Keyboard />
            <span className="flex-1">Keyboard shortcuts</span>
            <Kbd>?</Kbd>
          </MenuItem>
          <MenuItem disabled={signingOut} onSelect={() => startSignOut(() => signOut())}>
            <LogOut />
            Sign out
          </MenuItem>
        </Menu>
        {onCollapse && (
          <Tooltip content={collapsed ? "Expand sidebar" : "Collapse sidebar"} side="right">
            <button
              type="button"
              className={cn(row, "w-8 shrink-0")}
              onClick={onCollapse}
              aria-label={collapsed ? "Expand sidebar" : "Collapse sidebar"}
            >
              <PanelLeft />
            </button>
          </Tooltip>
        )}
      </div>
    </div>
  );
}

/** The name of a collapsed row, on hover. */
const Named = ({ label, collapsed, children }: { label: string; collapsed: boolean; children: ReactNode }) =>
  collapsed ? (
    <Tooltip content={label} side="right">
      {children}
    </Tooltip>
  ) : (
    children
  );

const Initial = ({ name }: { name: string }) => (
  <span
    aria-hidden="true"
    className="flex size-5 shrink-0 items-center justify-center rounded-sm bg-ink text-2xs font-semibold text-surface uppercase"
  >
    {[...name.trim()][0] ?? "·"}
  </span>
);
