"use client";

import { Globe } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { useAction } from "@/components/use-action";
import { AGENT_LIMITS } from "@/lib/agents/schema";
import { createAgentFromUrl } from "../../actions";

/** Failures that are about the address, and so belong under it. */
const ABOUT_THE_ADDRESS = new Set([
  "url_invalid",
  "url_blocked",
  "host_unreachable",
  "robots_denied",
  "fetch_failed",
  "unsupported_content",
]);

export function NewAgentForm({ tenant }: { tenant: string }) {
  const router = useRouter();
  const [leaving, setLeaving] = useState(false);
  const { submit, pending, failure } = useAction(createAgentFromUrl, {
    onSuccess: ({ agentId }) => {
      setLeaving(true);
      router.push(`/${tenant}/agents/${agentId}`);
    },
  });
  const urlError =
    failure?.fieldErrors?.url ?? (failure && ABOUT_THE_ADDRESS.has(failure.code) ? failure.message : undefined);
  const other = failure && !failure.fieldErrors && !urlError ? failure.message : null;
  return (
    <form
      noValidate
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        submit(tenant, { url: String(form.get("url")), name: String(form.get("name")) });
      }}
    >
      {other && <Notice kind="danger">{other}</Notice>}
      <Field
        label="Website"
        error={urlError}
        hint="We follow links on the same host, keep to its robots.txt, and ask for at most one page a second."
      >
        {(control) => (
          <div className="relative">
            <Globe className="pointer-events-none absolute top-3 left-3 size-4 text-ink-subtle" aria-hidden="true" />
            <Input
              {...control}
              name="url"
              type="text"
              inputMode="url"
              autoCapitalize="none"
              autoComplete="url"
              autoCorrect="off"
              spellCheck={false}
              placeholder="https://example.com"
              required
              autoFocus
              className="h-10 pl-9 text-base"
            />
          </div>
        )}
      </Field>
      <Field
        label="Name"
        optional
        error={failure?.fieldErrors?.name}
        hint="What your visitors see. Left empty, we take it from the address."
      >
        {(control) => (
          <Input
            {...control}
            name="name"
            maxLength={AGENT_LIMITS.nameLength}
            autoComplete="off"
            dir="auto"
            className="h-10"
          />
        )}
      </Field>
      <div>
        <Button type="submit" variant="primary" size="lg" pending={pending || leaving} className="text-sm">
          {pending || leaving ? "Checking the address" : "Create agent"}
        </Button>
      </div>
    </form>
  );
}
