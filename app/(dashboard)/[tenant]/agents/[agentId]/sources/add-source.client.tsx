"use client";

import { FileText, Globe, type LucideIcon, Map as MapIcon, Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useState } from "react";
import type { ActionResult } from "@/components/action-result";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { addSitemap, addUrls, addWebsite } from "../actions";

type Added = Promise<ActionResult<{ sourceId: string }>>;
type Kind = {
  id: string;
  label: string;
  Icon: LucideIcon;
  hint: string;
  add: (tenant: string, agentId: string, form: FormData) => Added;
  fields: (errors: Record<string, string>) => ReactNode;
};

const typed = (form: FormData, name: string): string => String(form.get(name) ?? "");
const pageLimit = (form: FormData) => ({ maxPages: typed(form, "maxPages") || undefined });

const KINDS: Kind[] = [
  {
    id: "website",
    label: "Website",
    Icon: Globe,
    hint: "Its sitemaps and links are followed on the same host, as its robots.txt allows. Linked PDF and Office files are read too.",
    add: (tenant, agentId, form) => addWebsite(tenant, { agentId, url: typed(form, "url"), ...pageLimit(form) }),
    fields: (errors) => (
      <>
        <Address label="Address" placeholder="https://help.example.com" error={errors.url} />
        <PageLimitField error={errors.maxPages} />
      </>
    ),
  },
  {
    id: "sitemap",
    label: "Sitemap",
    Icon: MapIcon,
    hint: "Exactly the pages that the sitemap names, also of an index or gzip; links are not followed.",
    add: (tenant, agentId, form) => addSitemap(tenant, { agentId, url: typed(form, "url"), ...pageLimit(form) }),
    fields: (errors) => (
      <>
        <Address label="Address of the sitemap" placeholder="https://example.com/sitemap.xml" error={errors.url} />
        <PageLimitField error={errors.maxPages} />
      </>
    ),
  },
  {
    id: "urls",
    label: "Single pages",
    Icon: FileText,
    hint: "These pages and no others.",
    add: (tenant, agentId, form) => addUrls(tenant, { agentId, urls: typed(form, "urls") }),
    fields: (errors) => (
      <Field
        label="Addresses"
        error={Object.entries(errors).find(([path]) => path.startsWith("urls"))?.[1]}
        hint="One a line."
      >
        {(control) => (
          <Textarea
            {...control}
            name="urls"
            dir="ltr"
            spellCheck={false}
            autoCapitalize="none"
            autoCorrect="off"
            placeholder={"https://example.com/returns\nhttps://example.com/shipping"}
            className="min-h-28 font-mono text-xs"
          />
        )}
      </Field>
    ),
  },
];

/** The button and the questions behind it: what kind of source, and where it is. */
export function AddSource({
  tenant,
  agentId,
  open: initiallyOpen,
}: {
  tenant: string;
  agentId: string;
  open: boolean;
}) {
  const [open, setOpen] = useState(initiallyOpen);
  const [kindId, setKindId] = useState(KINDS[0]!.id);
  const kind = KINDS.find(({ id }) => id === kindId) ?? KINDS[0]!;
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus />
        Add source
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Add a source"
        description="The agent answers from what it reads here."
        className="max-w-[520px]"
      >
        <div className="grid gap-4 overflow-y-auto p-5">
          <fieldset className="grid grid-cols-3 gap-2">
            <legend className="sr-only">Kind of source</legend>
            {KINDS.map(({ id, label, Icon }) => (
              <label
                key={id}
                className="grid cursor-pointer justify-items-center gap-1.5 rounded-md border border-line-strong p-3 text-center has-checked:border-accent-ink has-checked:bg-accent-soft has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-accent-ink"
              >
                <input
                  type="radio"
                  name="kind"
                  value={id}
                  checked={id === kindId}
                  onChange={() => setKindId(id)}
                  className="sr-only"
                />
                <Icon className="size-4 text-ink-muted" aria-hidden="true" />
                {label}
              </label>
            ))}
          </fieldset>
          <p className="text-xs text-ink-muted">
            Not on the web?{" "}
            <Link href={`/${tenant}/agents/${agentId}/sources/add`} className="text-link">
              Add files, text or questions
            </Link>
          </p>
          <KindForm key={kind.id} kind={kind} tenant={tenant} agentId={agentId} onCancel={() => setOpen(false)} />
        </div>
      </Dialog>
    </>
  );
}

function KindForm({
  kind,
  tenant,
  agentId,
  onCancel,
}: {
  kind: Kind;
  tenant: string;
  agentId: string;
  onCancel: () => void;
}) {
  const router = useRouter();
  const { submit, pending, failure } = useAction((form: FormData) => kind.add(tenant, agentId, form), {
    onSuccess: ({ sourceId }) => router.push(`/${tenant}/agents/${agentId}/sources/${sourceId}`),
  });
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event: FormEvent<HTMLFormElement>) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      <p className="text-xs text-ink-muted">{kind.hint}</p>
      {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
      {kind.fields(failure?.fieldErrors ?? {})}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" pending={pending}>
          {pending ? "Checking the address" : "Add source"}
        </Button>
      </div>
    </form>
  );
}

const Address = ({ label, placeholder, error }: { label: string; placeholder: string; error: string | undefined }) => (
  <Field label={label} error={error}>
    {(control) => (
      <Input
        {...control}
        name="url"
        inputMode="url"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        autoComplete="url"
        placeholder={placeholder}
      />
    )}
  </Field>
);

const PageLimitField = ({ error }: { error: string | undefined }) => (
  <Field
    label="Page limit"
    optional
    error={error}
    hint="The crawl stops after this many pages. Patterns and a schedule can be set afterwards."
  >
    {(control) => <Input {...control} name="maxPages" inputMode="numeric" placeholder="500" className="max-w-32" />}
  </Field>
);
