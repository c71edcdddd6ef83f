import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A dense table that scrolls sideways inside its frame rather than the page. Positioned, so that what only screen readers see scrolls with it. */
export const Table = ({ className, label, ...props }: ComponentProps<"table"> & { label: string }) => (
  <section
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    tabIndex={0}
    className="relative overflow-x-auto rounded-lg border border-line bg-surface -outline-offset-2"
  >
    <table className={cn("w-full border-collapse text-left text-sm", className)} {...props} />
  </section>
);

/** The row of heads. */
export const Thead = (props: ComponentProps<"tr">) => (
  <thead>
    <tr {...props} />
  </thead>
);

/** @param props.quiet for who cannot see what stands below, such as buttons */
export const Th = ({ className, quiet = false, children, ...props }: ComponentProps<"th"> & { quiet?: boolean }) => (
  <th
    scope="col"
    className={cn("h-9 border-b border-line px-3 text-xs font-medium whitespace-nowrap text-ink-muted", className)}
    {...props}
  >
    {quiet ? <span className="sr-only">{children}</span> : children}
  </th>
);

export const Td = ({ className, ...props }: ComponentProps<"td">) => (
  <td className={cn("h-10 px-3 py-1.5 align-middle", className)} {...props} />
);

export const Tr = ({ className, ...props }: ComponentProps<"tr">) => (
  <tr className={cn("group border-b border-line last:border-b-0 hover:bg-muted", className)} {...props} />
);
