"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

/** A link of a long list: prefetched when the pointer or the focus is on it, not because it came into view. */
export function HoverLink(props: ComponentProps<typeof Link>) {
  const [near, setNear] = useState(false);
  return (
    <Link {...props} prefetch={near ? null : false} onMouseEnter={() => setNear(true)} onFocus={() => setNear(true)} />
  );
}
