"use client";

import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { SaveBar } from "@/components/save-bar";
import { SwitchField } from "@/components/ui/switch";
import { useAction } from "@/components/use-action";
import type { EngagementSettings } from "@/lib/engagement/schema";
import { saveEngagement } from "./actions";
import { LeadFormFields, NEW_LEAD_FORM } from "./lead-form-fields";
import { ProactiveFields } from "./proactive-fields";

/** Everything that the widget does beside answers, saved as one. */
export function EngagementForm({
  tenant,
  agentId,
  settings,
  mayEdit,
  canSeal,
  canStore,
}: {
  tenant: string;
  agentId: string;
  settings: EngagementSettings;
  mayEdit: boolean;
  /** Whether contact details can be encrypted, and files stored, on this server. */
  canSeal: boolean;
  canStore: boolean;
}) {
  const [saved, setSaved] = useState(settings);
  const [draft, setDraft] = useState(settings);
  const set = (patch: Partial<EngagementSettings>) => setDraft((previous) => ({ ...previous, ...patch }));
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved);
  const { submit, pending, failure, reset } = useAction(saveEngagement, {
    onSuccess: (stored) => {
      setSaved(stored);
      setDraft(stored);
      toast.success("Saved");
    },
  });
  const errors = failure?.fieldErrors ?? {};
  return (
    <form
      noValidate
      className="max-w-[720px]"
      onSubmit={(event) => {
        event.preventDefault();
        submit(tenant, { agentId, ...draft });
      }}
    >
      <fieldset disabled={!mayEdit} className="grid min-w-0 gap-8">
        <Section title="People">
          <SwitchField
            label="Visitors may ask for a person"
            hint="The conversation then waits under Conversations. The agent goes on answering until somebody takes over. When it offers a person is chosen under Settings."
            checked={draft.handover}
            onChange={(handover) => set({ handover })}
          />
          <SwitchField
            label="Ask how it was"
            hint="After a conversation, one to five with a comment; once."
            checked={draft.csat}
            onChange={(csat) => set({ csat })}
          />
          <SwitchField
            label="Visitors may send files"
            hint={
              canStore
                ? "Pictures, PDFs and text files up to 10 MB. People see them in the transcript; the agent does not read them."
                : "Not available on this server: SUPABASE_SECRET_KEY is not set."
            }
            checked={draft.attachments && canStore}
            disabled={!canStore}
            onChange={(attachments) => set({ attachments })}
          />
        </Section>
        <Section title="Contact form">
          <SwitchField
            label="Ask visitors how to reach them"
            hint={
              canSeal
                ? "What they leave is encrypted and stands under Leads."
                : "Not available on this server: FIELD_ENCRYPTION_KEYS is not set, so nothing could be encrypted."
            }
            checked={draft.leadForm !== null && canSeal}
            disabled={!canSeal}
            onChange={(on) => set({ leadForm: on ? (saved.leadForm ?? NEW_LEAD_FORM) : null })}
          />
          {draft.leadForm && (
            <LeadFormFields
              form={draft.leadForm}
              errors={errors}
              onChange={(patch) => set({ leadForm: draft.leadForm && { ...draft.leadForm, ...patch } })}
            />
          )}
        </Section>
        <Section title="Messages that the agent sends first">
          <ProactiveFields rules={draft.proactive} errors={errors} onChange={(proactive) => set({ proactive })} />
        </Section>
        {mayEdit && (
          <SaveBar
            dirty={dirty}
            pending={pending}
            problem={failure?.message}
            onDiscard={() => {
              setDraft(saved);
              reset();
            }}
          />
        )}
      </fieldset>
    </form>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid gap-4">
    <h2 className="font-semibold">{title}</h2>
    {children}
  </section>
);
