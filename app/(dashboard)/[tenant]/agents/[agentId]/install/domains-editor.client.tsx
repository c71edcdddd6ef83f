"use client";

import { X } from "lucide-react";
import { useOptimistic, useState, useTransition } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { AllowedDomain } from "@/lib/agents/schema";
import { updateAgent } from "../actions";

/** Domains are saved one by one, at once; a failure puts the list back and says why. */
export function DomainsEditor({
  tenant,
  agentId,
  initial,
  mayEdit,
}: {
  tenant: string;
  agentId: string;
  initial: string[];
  mayEdit: boolean;
}) {
  const [domains, setDomains] = useOptimistic(initial);
  const [text, setText] = useState("");
  const [error, setError] = useState<string | undefined>();
  const [pending, startTransition] = useTransition();

  const save = (next: string[], undo?: string[]) =>
    startTransition(async () => {
      setDomains(next);
      const result = await updateAgent(tenant, { agentId, allowedDomains: next });
      if (!result.ok) {
        setError(result.message);
        return;
      }
      setError(undefined);
      const gone = undo?.find((domain) => !next.includes(domain));
      if (gone && undo)
        toast(`${gone} may no longer use the chat`, { action: { label: "Undo", onClick: () => save(undo) } });
    });

  function add() {
    const parsed = AllowedDomain.safeParse(text);
    if (!parsed.success) return setError(parsed.error.issues[0]?.message);
    if (domains.includes(parsed.data)) return setError("This domain is in the list already.");
    setText("");
    setError(undefined);
    save([...domains, parsed.data]);
  }

  return (
    <div className="grid gap-4">
      {domains.length === 0 ? (
        <Notice kind="warning" title="No domain may use the chat yet">
          Add the domain of your website, for example example.com.
        </Notice>
      ) : (
        <ul className="overflow-hidden rounded-lg border border-line">
          {domains.map((domain) => (
            <li
              key={domain}
              className="flex h-10 items-center justify-between gap-3 border-b border-line pr-1.5 pl-3 last:border-0"
            >
              <span dir="ltr" className="min-w-0 truncate font-mono text-xs">
                {domain}
              </span>
              {mayEdit && (
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={`Remove ${domain}`}
                  onClick={() =>
                    save(
                      domains.filter((other) => other !== domain),
                      domains,
                    )
                  }
                >
                  <X />
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayEdit && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Field label="Add a domain" error={error}>
            {(control) => (
              <div className="flex gap-2">
                <Input
                  {...control}
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                  placeholder="shop.example.com"
                  inputMode="url"
                  autoCapitalize="none"
                  autoCorrect="off"
                  spellCheck={false}
                  className="max-w-80"
                />
                <Button type="submit" pending={pending} disabled={!text.trim()}>
                  Add domain
                </Button>
              </div>
            )}
          </Field>
        </form>
      )}
    </div>
  );
}
