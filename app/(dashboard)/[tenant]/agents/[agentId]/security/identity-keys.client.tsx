"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/time";
import { useAction } from "@/components/use-action";
import { IDENTITY_LIMITS, type IdentityKey } from "@/lib/embed/schema";
import { createIdentityKey, revokeIdentityKey } from "./actions";

/** The keys with which the customer's server vouches for users. A new one is shown once, here. */
export function IdentityKeys({ tenant, agentId, keys }: { tenant: string; agentId: string; keys: IdentityKey[] }) {
  const [secret, setSecret] = useState<string>();
  const [leaving, setLeaving] = useState<IdentityKey>();
  const { submit, pending, failure } = useAction(createIdentityKey, { onSuccess: (data) => setSecret(data.secret) });
  const full = keys.length >= IDENTITY_LIMITS.keys;
  return (
    <div className="grid gap-3">
      {failure && <Notice kind="danger">{failure.message}</Notice>}
      {secret && (
        <Notice
          kind="warning"
          title="Copy this key now: it is not shown again"
          action={
            <>
              <CopyButton text={secret} label="Copy key" size="sm" />
              <Button size="sm" variant="ghost" onClick={() => setSecret(undefined)}>
                I have it
              </Button>
            </>
          }
        >
          <code dir="ltr" className="font-mono text-xs break-all text-ink select-all" data-testid="identity-secret">
            {secret}
          </code>
          <p className="mt-1">Keep it on your server. Whoever has it can pass for any of your users.</p>
        </Notice>
      )}
      {keys.length > 0 && (
        <ul className="overflow-hidden rounded-lg border border-line">
          {keys.map((key) => (
            <li
              key={key.id}
              className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1.5 pr-1.5 pl-3 last:border-0"
            >
              <KeyRound aria-hidden="true" className="size-4 text-ink-subtle" />
              <code dir="ltr" className="font-mono text-xs">
                ids_…{key.hint}
              </code>
              <KeyState expiresAt={key.expiresAt} />
              <span className="flex-1 text-xs text-ink-subtle">
                made <RelativeTime at={key.createdAt} />
              </span>
              <Button variant="ghost" size="sm" onClick={() => setLeaving(key)}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          variant={keys.length === 0 ? "primary" : "secondary"}
          pending={pending}
          disabled={full}
          onClick={() => submit(tenant, { agentId })}
        >
          {keys.length === 0 ? "Create key" : "Rotate key"}
        </Button>
        <span className="max-w-[56ch] text-xs text-ink-muted">
          {full
            ? "Five keys are enough: revoke one that you no longer use."
            : keys.length > 0 &&
              `A new key takes the place of the old one, which holds for ${IDENTITY_LIMITS.overlapHours} hours more.`}
        </span>
      </div>
      {leaving && (
        <ConfirmDelete
          open
          onOpenChange={(open) => !open && setLeaving(undefined)}
          kind="key"
          name={`ids_…${leaving.hint}`}
          consequences="Users whom your server vouches for with this key are refused from now on."
          run={() => revokeIdentityKey(tenant, { agentId, keyId: leaving.id })}
          onDone={() => setLeaving(undefined)}
        />
      )}
    </div>
  );
}

function KeyState({ expiresAt }: { expiresAt: string | null }) {
  if (!expiresAt) return <Badge tone="success">In use</Badge>;
  if (Date.parse(expiresAt) < Date.now()) return <Badge>Run out</Badge>;
  return (
    <Badge tone="warning">
      Ends <RelativeTime at={expiresAt} />
    </Badge>
  );
}
