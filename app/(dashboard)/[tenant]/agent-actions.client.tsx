"use client";

import { Code, Ellipsis, MessagesSquare, Settings, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { plural } from "@/components/ui/number";
import { deleteAgent } from "./actions";

type Props = { tenant: string; agentId: string; name: string; pages: number; mayEdit: boolean };

/** What can be done with an agent from the list. */
export function AgentActions(props: Props) {
  const [deleting, setDeleting] = useState(false);
  const base = `/${props.tenant}/agents/${props.agentId}`;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button variant="ghost" size="icon" aria-label={`Actions for ${props.name}`}>
            <Ellipsis />
          </Button>
        }
      >
        <MenuItem asChild>
          <Link href={`${base}/playground`}>
            <MessagesSquare />
            Open playground
          </Link>
        </MenuItem>
        <MenuItem asChild>
          <Link href={`${base}/install`}>
            <Code />
            Copy snippet
          </Link>
        </MenuItem>
        <MenuItem asChild>
          <Link href={`${base}/settings`}>
            <Settings />
            Settings
          </Link>
        </MenuItem>
        {props.mayEdit && (
          <>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setDeleting(true)}>
              <Trash2 />
              Delete agent
            </MenuItem>
          </>
        )}
      </Menu>
      <DeleteAgent {...props} open={deleting} onOpenChange={setDeleting} onDone={() => setDeleting(false)} />
    </>
  );
}

export function DeleteAgent({
  tenant,
  agentId,
  name,
  pages,
  open,
  onOpenChange,
  onDone,
}: Omit<Props, "mayEdit"> & {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}) {
  return (
    <ConfirmDelete
      open={open}
      onOpenChange={onOpenChange}
      kind="agent"
      name={name}
      typeName
      consequences={
        <>
          Its sources, {pages > 0 ? `the ${plural(pages, "page")} it has read,` : "what it has read,"} and every
          conversation go with it. The chat disappears from your website. This cannot be undone.
        </>
      }
      run={() => deleteAgent(tenant, { agentId })}
      onDone={() => {
        toast.success("Agent deleted");
        onDone();
      }}
    />
  );
}
