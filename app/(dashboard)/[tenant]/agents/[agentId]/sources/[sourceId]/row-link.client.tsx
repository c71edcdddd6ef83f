"use client";

import type { ReactNode } from "react";

/** Opens a row's panel at once: its data are in the list already, so only the address changes. A new tab loads it as a link. */
export const RowLink = ({ href, className, children }: { href: string; className: string; children: ReactNode }) => (
  <a
    href={href}
    data-row
    className={className}
    onClick={(event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      window.history.pushState(null, "", href);
    }}
  >
    {children}
  </a>
);
