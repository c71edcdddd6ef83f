"use client";

import { ExternalLink } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { CodeBlock } from "@/components/code-block";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { SwitchField } from "@/components/ui/switch";
import { useAction } from "@/components/use-action";
import { SETTINGS_LIMITS, type WidgetSettings } from "@/lib/embed/schema";
import { saveSharing } from "./actions";

/** The chat without a page around it: at an address to share, or in a frame. */
export function ShareSection({
  tenant,
  agentId,
  publicId,
  name,
  appUrl,
  settings,
  mayEdit,
}: {
  tenant: string;
  agentId: string;
  publicId: string;
  name: string;
  appUrl: string;
  settings: Pick<WidgetSettings, "shareEnabled" | "shareIndexed" | "shareTitle">;
  mayEdit: boolean;
}) {
  const [title, setTitle] = useState(settings.shareTitle);
  const { submit, pending, failure } = useAction(saveSharing, { onSuccess: () => toast.success("Saved") });
  const link = new URL(`/chat/${publicId}`, appUrl).href;
  const frame = `<iframe src="${new URL(`/embed/${publicId}`, appUrl).href}" title="${name.replaceAll(/[<>"&]/g, "")}" style="width: 100%; height: 640px; border: 0"></iframe>`;
  return (
    <div className="grid gap-5 *:min-w-0">
      {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
      <SwitchField
        label="Page to share"
        hint="A page with nothing but the chat, for a link in a mail, a QR code or a profile."
        checked={settings.shareEnabled}
        onChange={(shareEnabled) => submit(tenant, { agentId, shareEnabled })}
        disabled={!mayEdit || pending}
      />
      {settings.shareEnabled && (
        <div className="grid gap-4 sm:ps-12">
          <div className="flex flex-wrap items-center gap-2">
            <code dir="ltr" className="min-w-0 font-mono text-xs break-all select-all" data-testid="share-link">
              {link}
            </code>
            <CopyButton text={link} label="Copy link" size="sm" />
            <Button asChild variant="ghost" size="sm">
              <a href={link} target="_blank" rel="noreferrer">
                <ExternalLink /> Open
              </a>
            </Button>
          </div>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              submit(tenant, { agentId, shareTitle: title });
            }}
          >
            <Field label="Its title" optional error={failure?.fieldErrors?.shareTitle} hint="Empty: the agent’s name.">
              {(control) => (
                <div className="flex gap-2">
                  <Input
                    {...control}
                    value={title}
                    maxLength={SETTINGS_LIMITS.titleLength}
                    dir="auto"
                    disabled={!mayEdit}
                    className="max-w-80"
                    onChange={(event) => setTitle(event.target.value)}
                  />
                  {mayEdit && (
                    <Button type="submit" pending={pending} disabled={title === settings.shareTitle}>
                      Save
                    </Button>
                  )}
                </div>
              )}
            </Field>
          </form>
          <SwitchField
            label="Search engines may list it"
            checked={settings.shareIndexed}
            onChange={(shareIndexed) => submit(tenant, { agentId, shareIndexed })}
            disabled={!mayEdit || pending}
          />
        </div>
      )}
      <div className="grid gap-2 *:min-w-0">
        <h3 className="text-sm font-medium">In a frame</h3>
        <p className="max-w-[68ch] text-xs text-ink-muted">
          For pages that allow frames and no scripts. It shows on the allowed domains only, over HTTPS.
        </p>
        <CodeBlock code={frame} label="Copy frame" />
      </div>
    </div>
  );
}
