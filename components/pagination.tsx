import Link from "next/link";
import { Button } from "./ui/button";
import { number } from "./ui/number";

/** Which part of a long list this is, and the ways to its neighbours. */
export function Pagination({
  label,
  page,
  size,
  total,
  href,
}: {
  label: string;
  /** 1-based. */
  page: number;
  /** Rows a page. */
  size: number;
  total: number;
  href: (page: number) => string;
}) {
  const pages = Math.max(1, Math.ceil(total / size));
  const first = (page - 1) * size + 1;
  const step = (to: number, text: string) =>
    to >= 1 && to <= pages ? (
      <Button asChild size="sm">
        <Link href={href(to)}>{text}</Link>
      </Button>
    ) : (
      <Button size="sm" disabled>
        {text}
      </Button>
    );
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-3 text-xs text-ink-muted">
      <span className="tabular-nums">
        {number(Math.min(first, total))}–{number(Math.min(total, first + size - 1))} of {number(total)}
      </span>
      {pages > 1 && (
        <span className="flex gap-2">
          {step(page - 1, "Previous")}
          {step(page + 1, "Next")}
        </span>
      )}
    </nav>
  );
}
