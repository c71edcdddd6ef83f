"use client";

import { Plus, X } from "lucide-react";
import { useOptimistic, useState, useTransition } from "react";
import { toast } from "sonner";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { addTag, removeTag } from "./actions";

/** A conversation's tags; they show at once, and go back with a word when it did not work. */
export function TagEditor({
  tenant,
  conversationId,
  tags,
  mayEdit,
}: {
  tenant: string;
  conversationId: string;
  tags: string[];
  mayEdit: boolean;
}) {
  const [adding, setAdding] = useState(false);
  const [, startTransition] = useTransition();
  const [shown, show] = useOptimistic(tags);
  const change = (next: string[], work: () => ReturnType<typeof addTag>) =>
    startTransition(async () => {
      show(next);
      const result = await work();
      if (!result.ok) toast.error(result.fieldErrors?.tag ?? result.message);
    });
  const add = (text: string) => {
    const tag = text.replace(/\s+/g, " ").trim();
    setAdding(false);
    if (tag && !shown.includes(tag)) change([...shown, tag].toSorted(), () => addTag(tenant, { conversationId, tag }));
  };
  if (!mayEdit && tags.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {shown.map((tag) => (
        <Badge key={tag} className="max-w-60">
          <bdi className="truncate">{tag}</bdi>
          {mayEdit && (
            <button
              type="button"
              aria-label={`Remove the tag ${tag}`}
              className="-mr-1 rounded-full p-0.5 hover:text-ink"
              onClick={() =>
                change(
                  shown.filter((each) => each !== tag),
                  () => removeTag(tenant, { conversationId, tag }),
                )
              }
            >
              <X className="size-3" />
            </button>
          )}
        </Badge>
      ))}
      {mayEdit &&
        (adding ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              add(String(new FormData(event.currentTarget).get("tag")));
            }}
          >
            <Input
              name="tag"
              aria-label="New tag"
              dir="auto"
              maxLength={40}
              autoFocus
              autoComplete="off"
              className="h-6 w-36 text-xs"
              onBlur={(event) => add(event.target.value)}
              onKeyDown={(event) => event.key === "Escape" && setAdding(false)}
            />
          </form>
        ) : (
          <Button variant="ghost" size="sm" className="h-6 px-1.5" onClick={() => setAdding(true)}>
            <Plus />
            Tag
          </Button>
        ))}
    </div>
  );
}
