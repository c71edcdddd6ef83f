import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "./ui/button";

/** The title row of a page below a list: the way back, what it is, and what can be done with it; `children` say more of it. */
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
  <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-2">
    <Button asChild variant="ghost" size="icon" className="-ml-2">
      <Link href={back} aria-label={backLabel}>
        <ChevronLeft />
      </Link>
    </Button>
    <h1 className="text-lg font-semibold tracking-[-0.01em] break-words" dir="auto">
      {title}
    </h1>
    <div className="flex flex-wrap items-center justify-end gap-2 sm:row-span-2">{action}</div>
    {/* On a phone below all three: between them there is no room for more than the title. */}
    {children && <div className="col-span-full grid min-w-0 sm:col-span-1 sm:col-start-2">{children}</div>}
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
