"use client";

import { RotateCw } from "lucide-react";
import { toast } from "sonner";
import { Button, type ButtonProps } from "@/components/ui/button";
import { plural } from "@/components/ui/number";
import { useAction } from "@/components/use-action";
import { retryPages } from "../../actions";

type Props = { tenant: string; sourceId: string } & Pick<ButtonProps, "size" | "className">;

function useRetry({ tenant, sourceId }: Props, what: string) {
  const { submit, pending } = useAction(retryPages, {
    onSuccess: () => toast.success(`Reading ${what} again`),
    onFailure: ({ message }) => toast.error(message),
  });
  return { pending, retry: (pageIds?: string[]) => submit(tenant, { sourceId, ...(pageIds && { pageIds }) }) };
}

/** Reads one page again, and nothing else of its source. */
export function RetryPage({ page, ...props }: Props & { page: { id: string; title: string | null; url: string } }) {
  const { retry, pending } = useRetry(props, "the page");
  return (
    <Button size={props.size} className={props.className} pending={pending} onClick={() => retry([page.id])}>
      {!pending && <RotateCw />}
      Retry<span className="sr-only"> {page.title || page.url}</span>
    </Button>
  );
}

export function RetryAllFailed({ failed, ...props }: Props & { failed: number }) {
  const { retry, pending } = useRetry(props, plural(failed, "failed page"));
  return (
    <Button size={props.size} className={props.className} pending={pending} onClick={() => retry()}>
      {!pending && <RotateCw />}
      Retry all {plural(failed, "failed page")}
    </Button>
  );
}
