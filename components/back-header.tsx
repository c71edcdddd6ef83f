import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "./ui/button";

/** The title row of a page below a list: the way back, what it is, and what can be done with it. */
export const BackHeader = ({
  back,
  backLabel,
  title,
  children,
  action,
}: {
  back: string;
  backLabel: string;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) => (
  <div className="flex items-start gap-2">
    <Button asChild variant="ghost" size="icon" className="-ml-2">
      <Link href={back} aria-label={backLabel}>
        <ChevronLeft />
      </Link>
    </Button>
    <div className="grid min-w-0 flex-1">
      <h1 className="text-lg font-semibold tracking-[-0.01em] break-words" dir="auto">
        {title}
      </h1>
      {children}
    </div>
    {action && <div className="flex shrink-0 flex-wrap items-center justify-end gap-2">{action}</div>}
  </div>
);

/** The address that something came from, as a link that opens beside the dashboard. */
export const OutsideLink = ({ url }: { url: string }) => (
  <a
    href={url}
    target="_blank"
    rel="noreferrer"
    className="truncate rounded-sm text-xs text-ink-muted underline-offset-4 hover:underline"
  >
    {url}
  </a>
);
