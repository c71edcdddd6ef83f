"use client";

import { useParams, useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";

const LIST: { title: string; rows: [keys: string[], what: string][] }[] = [
  {
    title: "Everywhere",
    rows: [
      [["⌘", "K"], "Search and commands"],
      [["G", "A"], "Go to agents"],
      [["C"], "Create an agent"],
      [["J"], "Next row"],
      [["K"], "Previous row"],
      [["/"], "Search in the list"],
      [["?"], "This list"],
    ],
  },
  {
    title: "In an agent",
    rows: [
      [["G", "O"], "Overview"],
      [["G", "P"], "Playground"],
      [["G", "C"], "Conversations"],
      [["G", "K"], "Knowledge gaps"],
      [["G", "S"], "Sources"],
      [["G", "I"], "Install"],
      [["G", ","], "Settings"],
    ],
  },
];

const AGENT_PAGES: Record<string, string> = {
  o: "",
  p: "/playground",
  c: "/conversations",
  k: "/gaps",
  s: "/sources",
  i: "/install",
  ",": "/settings",
};

/** Single keys work when no field has the focus and no dialog is open. */
export function Shortcuts({
  tenant,
  help,
  onHelpChange,
  onMenu,
}: {
  tenant: string;
  help: boolean;
  onHelpChange: (open: boolean) => void;
  onMenu: () => void;
}) {
  const router = useRouter();
  const { agentId } = useParams<{ agentId?: string }>();
  const pendingG = useRef(0);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (key === "k" && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        onMenu();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const afterG = Date.now() - pendingG.current < 1_200;
      pendingG.current = key === "g" && !afterG ? Date.now() : 0;
      const agentPage = AGENT_PAGES[key];
      if (afterG && key === "a") router.push(`/${tenant}`);
      else if (afterG && agentId && agentPage !== undefined) router.push(`/${tenant}/agents/${agentId}${agentPage}`);
      else if (key === "c") router.push(`/${tenant}/agents/new`);
      else if (key === "j" || key === "k") moveRow(key === "j" ? 1 : -1);
      else if (key === "/") focusSearch(event);
      else if (event.key === "?") onHelpChange(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [router, tenant, agentId, onMenu, onHelpChange]);

  return (
    <Dialog open={help} onOpenChange={onHelpChange} title="Keyboard shortcuts">
      <div className="grid gap-5 overflow-y-auto p-5">
        {LIST.map(({ title, rows }) => (
          <section key={title} className="grid gap-1">
            <h3 className="text-xs text-ink-subtle">{title}</h3>
            <dl>
              {rows.map(([keys, what]) => (
                <div key={what} className="flex h-8 items-center justify-between border-b border-line last:border-0">
                  <dt>{what}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null);

/** Rows mark their main link with `data-row`. */
function moveRow(step: 1 | -1) {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step;
  rows[next]?.focus();
}

function focusSearch(event: KeyboardEvent) {
  const search = document.querySelector<HTMLInputElement>("main input[type=search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
}
