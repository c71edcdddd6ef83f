"use client";

import { Ellipsis, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Menu, MenuItem } from "@/components/ui/menu";
import { deleteConversation } from "./actions";

export function ConversationMenu({
  tenant,
  conversationId,
  name,
  back,
}: {
  tenant: string;
  conversationId: string;
  name: string;
  back: string;
}) {
  const router = useRouter();
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button variant="ghost" size="icon" aria-label="More">
            <Ellipsis />
          </Button>
        }
      >
        <MenuItem danger onSelect={() => setDeleting(true)}>
          <Trash2 />
          Delete conversation
        </MenuItem>
      </Menu>
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        kind="conversation"
        name={name.length > 60 ? `${name.slice(0, 60)}…` : name}
        consequences="Its messages, ratings and tags go with it, for you and for the visitor. It cannot be undone; what its answers cost stays counted."
        run={() => deleteConversation(tenant, { conversationId })}
        onDone={() => {
          toast.success("Conversation deleted");
          router.push(back);
        }}
      />
    </>
  );
}
