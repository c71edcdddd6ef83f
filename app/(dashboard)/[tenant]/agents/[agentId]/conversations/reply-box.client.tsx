"use client";

import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/input";
import { useAction } from "@/components/use-action";
import { replyToVisitor } from "./actions";

const TELL_EVERY_MS = 3_000;
const TYPING_LASTS_MS = 5_000;

/** Where a member writes to the visitor. Both see that the other one types, and nothing of what. */
export function ReplyBox({
  tenant,
  conversationId,
  topic,
  supabaseUrl,
  publishableKey,
}: {
  tenant: string;
  conversationId: string;
  topic: string;
  supabaseUrl: string;
  publishableKey: string;
}) {
  const [text, setText] = useState("");
  const { isTyping, tellTyping } = useTyping({ topic, supabaseUrl, publishableKey });
  const { submit, pending, failure } = useAction(replyToVisitor, { onSuccess: () => setText("") });
  const send = () => text.trim() && !pending && submit(tenant, { conversationId, text });
  return (
    <form
      className="grid gap-2 border-t border-line bg-surface px-4 py-3 max-lg:sticky max-lg:bottom-0 sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p role="status" className="min-h-4 text-xs text-ink-muted">
        {isTyping ? "The visitor is typing…" : ""}
      </p>
      <Textarea
        aria-label="Your reply"
        placeholder="Write to the visitor"
        value={text}
        dir="auto"
        maxLength={4_000}
        className="max-h-60"
        onChange={(event) => {
          setText(event.target.value);
          tellTyping();
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <div className="flex items-center justify-between gap-3">
        <span
          role={failure ? "alert" : undefined}
          className={failure ? "text-xs text-danger" : "text-xs text-ink-subtle"}
        >
          {failure?.fieldErrors?.text ?? failure?.message ?? "Enter sends, Shift and Enter begin a new line."}
        </span>
        <Button type="submit" variant="primary" pending={pending} disabled={!text.trim()}>
          Send
        </Button>
      </div>
    </form>
  );
}

function useTyping({
  topic,
  supabaseUrl,
  publishableKey,
}: {
  topic: string;
  supabaseUrl: string;
  publishableKey: string;
}): { isTyping: boolean; tellTyping: () => void } {
  const [isTyping, setIsTyping] = useState(false);
  const channel = useRef<RealtimeChannel>(undefined);
  const toldAt = useRef(0);

  useEffect(() => {
    let client: SupabaseClient | undefined;
    let closed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = async () => {
      const { createClient } = await import("@supabase/supabase-js");
      if (closed) return;
      // The visitor's channel is public: it is joined without a session.
      client = createClient(supabaseUrl, publishableKey, {
        auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
      });
      channel.current = client
        .channel(topic)
        .on("broadcast", { event: "typing" }, ({ payload }) => {
          if (payload?.from !== "visitor") return;
          clearTimeout(timer);
          setIsTyping(true);
          timer = setTimeout(() => setIsTyping(false), TYPING_LASTS_MS);
        })
        .on("broadcast", { event: "message" }, () => setIsTyping(false))
        .subscribe();
    };
    // Without it nobody sees that somebody types; messages arrive all the same.
    open().catch(() => {});
    return () => {
      closed = true;
      clearTimeout(timer);
      channel.current = undefined;
      void client?.realtime.disconnect();
    };
  }, [topic, supabaseUrl, publishableKey]);

  const tellTyping = () => {
    if (Date.now() - toldAt.current < TELL_EVERY_MS || channel.current?.state !== "joined") return;
    toldAt.current = Date.now();
    void channel.current.send({ type: "broadcast", event: "typing", payload: { from: "operator" } });
  };
  return { isTyping, tellTyping };
}
