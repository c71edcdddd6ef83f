"use client";

import { useEffect, useMemo, useRef } from "react";
import { cn } from "./ui/cn";
import type { Shown } from "./widget/preview";

/** Typing changes the preview when the fingers rest. */
const SETTLE_MS = 150;

/** The chat as visitors see it: the widget itself, in a frame, with these words instead of a server's. Nothing in it can be used. */
export function WidgetPreview({
  name,
  color,
  welcome,
  questions = [],
  messages = [],
  className,
}: {
  name: string;
  color: string;
  welcome: string;
  questions?: string[];
  /** A conversation in place of the welcome. */
  messages?: Shown["messages"];
  className?: string;
}) {
  const frame = useRef<HTMLIFrameElement>(null);
  const sent = JSON.stringify({
    config: {
      agentId: "preview",
      name,
      welcomeMessage: welcome,
      suggestedQuestions: questions,
      placeholder: "Ask a question…",
      accentColor: color,
      language: "en",
      poweredBy: true,
    },
    messages,
  } satisfies Shown);
  // The frame's origin is opaque, so it cannot be named; what is sent is on its way to every visitor anyway.
  const send = useMemo(() => () => frame.current?.contentWindow?.postMessage(JSON.parse(sent), "*"), [sent]);
  useEffect(() => {
    const timer = setTimeout(send, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [send]);
  return (
    <div inert className={cn("h-[520px] overflow-hidden rounded-lg bg-surface shadow-float select-none", className)}>
      <iframe
        ref={frame}
        src="/widget/preview.html"
        title="The chat as visitors see it"
        tabIndex={-1}
        onLoad={send}
        className="block size-full"
      />
    </div>
  );
}
