"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { PLACEHOLDERS, type WidgetLanguage } from "@/lib/agents/schema";
import { cn } from "./ui/cn";
import type { Shown } from "./widget/preview";

/** Typing changes the preview when the fingers rest. */
const SETTLE_MS = 150;
/** A page that the widget stands in the corner of, in CSS pixels. */
const DESKTOP = { width: 720, height: 760 };

/** The chat as visitors see it: the widget itself, in a frame, with these words instead of a server's. Nothing in it can be used. */
export function WidgetPreview({
  name,
  color,
  welcome,
  questions = [],
  messages = [],
  look = {},
  device = "phone",
  className,
}: {
  name: string;
  color: string;
  welcome: string;
  questions?: string[];
  /** A conversation in place of the welcome. */
  messages?: Shown["messages"];
  /** What else of the agent's configuration is to be seen. */
  look?: Partial<Shown["agent"]>;
  /** Fills the screen of a phone, or stands in the corner of a page, made small. */
  device?: "phone" | "desktop";
  className?: string;
}) {
  const frame = useRef<HTMLIFrameElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(1);
  const sent = JSON.stringify({
    agent: {
      agentId: "preview",
      name,
      welcomeMessage: welcome,
      suggestedQuestions: questions,
      placeholder: PLACEHOLDERS[look?.language as WidgetLanguage] ?? PLACEHOLDERS.en,
      accentColor: color,
      language: "en",
      poweredBy: true,
      appearance: true,
      ...look,
    },
    messages,
  } satisfies Shown);
  // The frame's origin is opaque, so it cannot be named; what is sent is on its way to every visitor anyway.
  const send = useMemo(() => () => frame.current?.contentWindow?.postMessage(JSON.parse(sent), "*"), [sent]);
  useEffect(() => {
    const timer = setTimeout(send, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [send]);
  useEffect(() => {
    if (device === "phone" || !box.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setScale(entry.contentRect.width / DESKTOP.width));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [device]);
  return (
    <div
      ref={box}
      inert
      className={cn("h-[520px] overflow-hidden rounded-lg bg-surface shadow-float select-none", className)}
      style={device === "desktop" ? { height: DESKTOP.height * scale } : undefined}
    >
      <iframe
        ref={frame}
        src="/widget/preview.html"
        title="The chat as visitors see it"
        tabIndex={-1}
        onLoad={send}
        className="block size-full origin-top-left"
        style={device === "desktop" ? { ...DESKTOP, scale } : undefined}
      />
    </div>
  );
}
