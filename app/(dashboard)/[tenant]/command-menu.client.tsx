"use client";

import { Command } from "cmdk";
import {
  BookOpenText,
  CircleHelp,
  Code,
  Cpu,
  Inbox,
  Keyboard,
  LayoutGrid,
  ListOrdered,
  LogOut,
  MessagesSquare,
  Moon,
  Plus,
  Search,
  Settings,
  Sun,
} from "lucide-react";
import { useParams, useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { type ReactNode, startTransition } from "react";
import { signOut } from "@/app/(auth)/actions";
import { AgentMark } from "@/components/agent-mark";
import { Kbd } from "@/components/ui/kbd";
import type { ShellProps } from "./shell-props";
import { useTheme } from "./use-theme";

const group =
  "[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-subtle";

/** ⌘K: every place and command by name. */
export function CommandMenu({
  tenant,
  workspaces,
  runsPlatform,
  agents,
  open,
  onOpenChange,
  onHelp,
}: ShellProps & {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onHelp: () => void;
}) {
  const router = useRouter();
  const { agentId } = useParams<{ agentId?: string }>();
  const { setTheme } = useTheme();
  const current = agents.find(({ id }) => id === agentId);
  const base = `/${tenant.slug}`;
  const run = (work: () => void) => () => {
    onOpenChange(false);
    work();
  };
  const go = (href: string) => run(() => router.push(href));

  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/35 data-[state=open]:animate-enter" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[max(16px,14vh)] left-1/2 z-50 w-[calc(100vw-32px)] max-w-[560px] -translate-x-1/2 overflow-hidden rounded-lg bg-raised shadow-float data-[state=open]:animate-enter"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <Command label="Search and commands" loop>
            <div className="flex items-center gap-2.5 border-b border-line px-3.5">
              <Search className="size-4 shrink-0 text-ink-subtle" aria-hidden="true" />
              <Command.Input
                placeholder="Go to an agent, a page, or do something"
                className="h-11 w-full bg-transparent text-base outline-none placeholder:text-ink-subtle max-sm:text-md"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Command.List className="max-h-[min(380px,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-sm text-ink-muted">
                Nothing has that name.
              </Command.Empty>
              {current && (
                <Command.Group heading={current.name} className={group}>
                  <Item icon={<MessagesSquare />} keys="G P" onSelect={go(`${base}/agents/${current.id}/playground`)}>
                    Playground
                  </Item>
                  <Item icon={<Inbox />} keys="G C" onSelect={go(`${base}/agents/${current.id}/conversations`)}>
                    Conversations
                  </Item>
                  <Item icon={<CircleHelp />} keys="G K" onSelect={go(`${base}/agents/${current.id}/gaps`)}>
                    Knowledge gaps
                  </Item>
                  <Item icon={<BookOpenText />} keys="G S" onSelect={go(`${base}/agents/${current.id}/sources`)}>
                    Sources
                  </Item>
                  <Item icon={<Code />} keys="G I" onSelect={go(`${base}/agents/${current.id}/install`)}>
                    Install
                  </Item>
                  <Item icon={<Settings />} keys="G ," onSelect={go(`${base}/agents/${current.id}/settings`)}>
                    Settings
                  </Item>
                </Command.Group>
              )}
              <Command.Group heading="Workspace" className={group}>
                <Item icon={<LayoutGrid />} keys="G A" onSelect={go(base)}>
                  Agents
                </Item>
                <Item icon={<Plus />} keys="C" onSelect={go(`${base}/agents/new`)}>
                  New agent
                </Item>
                {workspaces
                  .filter(({ id }) => id !== tenant.id)
                  .map((workspace) => (
                    <Item
                      key={workspace.id}
                      icon={<LayoutGrid />}
                      onSelect={go(`/${workspace.slug}`)}
                      value={`workspace ${workspace.name} ${workspace.id}`}
                    >
                      Switch to <bdi>{workspace.name}</bdi>
                    </Item>
                  ))}
              </Command.Group>
              {agents.length > 0 && (
                <Command.Group heading="Agents" className={group}>
                  {agents.map((agent) => (
                    <Item
                      key={agent.id}
                      icon={<AgentMark color={agent.accentColor} size="sm" />}
                      value={`${agent.name} ${agent.id}`}
                      onSelect={go(`${base}/agents/${agent.id}`)}
                    >
                      <bdi className="truncate">{agent.name}</bdi>
                    </Item>
                  ))}
                </Command.Group>
              )}
              {runsPlatform && (
                <Command.Group heading="Platform" className={group}>
                  <Item icon={<Cpu />} onSelect={go("/admin/models")} value="platform models">
                    Models
                  </Item>
                  <Item
                    icon={<ListOrdered />}
                    onSelect={run(() => window.location.assign("/admin/queues"))}
                    value="platform queues"
                  >
                    Queues
                  </Item>
                </Command.Group>
              )}
              <Command.Group heading="More" className={group}>
                <Item icon={<Sun />} onSelect={run(() => setTheme("light"))}>
                  Light appearance
                </Item>
                <Item icon={<Moon />} onSelect={run(() => setTheme("dark"))}>
                  Dark appearance
                </Item>
                <Item icon={<Keyboard />} keys="?" onSelect={run(onHelp)}>
                  Keyboard shortcuts
                </Item>
                <Item icon={<LogOut />} onSelect={run(() => startTransition(() => signOut()))}>
                  Sign out
                </Item>
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const Item = ({
  icon,
  keys,
  value,
  onSelect,
  children,
}: {
  icon: ReactNode;
  keys?: string;
  value?: string;
  onSelect: () => void;
  children: ReactNode;
}) => (
  <Command.Item
    onSelect={onSelect}
    {...(value !== undefined && { value })}
    className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&>svg]:text-ink-subtle"
  >
    {icon}
    <span className="flex min-w-0 flex-1 gap-1 truncate">{children}</span>
    {keys?.split(" ").map((key) => (
      <Kbd key={key}>{key}</Kbd>
    ))}
  </Command.Item>
);
