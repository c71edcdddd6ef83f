"use client";

import { useEffect, useState } from "react";
import { relativeTime } from "./relative-time";

/** A time as people say it, with the exact one on hover. The server cannot know the reader's zone, so the exact time comes after hydration. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(at);
  return (
    <time
      dateTime={at}
      className={className}
      title={now === null ? undefined : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })}
      suppressHydrationWarning
    >
      {relativeTime(date.getTime(), now ?? Date.now())}
    </time>
  );
}
