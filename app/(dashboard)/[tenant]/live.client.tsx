"use client";

import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { z } from "zod";
import { type CrawlRun, isActive, laterRun, runFromProgress } from "@/lib/agents/schema";
import { CrawlProgress, crawlTopic } from "@/lib/crawl/schema";

/** connecting: not known yet · live: the socket is open · polling: it is not, so screens ask every three seconds. */
export type LiveStatus = "connecting" | "live" | "polling";
type Listener = (progress: CrawlProgress) => void;
type Live = { tenantId: string; status: LiveStatus; subscribe: (listener: Listener) => () => void };

const POLL_MS = 3_000;
/** A socket may be open and yet bring nothing; after this long without a word a running crawl is asked about once. */
const SILENCE_MS = 10_000;

const LiveContext = createContext<Live | null>(null);

function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive needs a LiveProvider above it");
  return live;
}

/** One Realtime socket for a workspace, opened when the first screen wants progress and closed after the last. */
export function LiveProvider({
  tenantId,
  supabaseUrl,
  publishableKey,
  children,
}: {
  tenantId: string;
  supabaseUrl: string;
  publishableKey: string;
  children: ReactNode;
}) {
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const [wanted, setWanted] = useState(false);
  const listeners = useRef(new Set<Listener>());

  useEffect(() => {
    if (!wanted) return;
    let client: SupabaseClient | undefined;
    let channel: RealtimeChannel | undefined;
    let closed = false;
    const open = async () => {
      const { createClient } = await import("@supabase/supabase-js");
      client = createClient(supabaseUrl, publishableKey, { accessToken: sessionToken() });
      await client.realtime.setAuth();
      if (closed) return;
      channel = client.channel(crawlTopic(tenantId), { config: { private: true } });
      channel
        .on("broadcast", { event: "progress" }, ({ payload }) => {
          const message = CrawlProgress.safeParse(payload);
          if (message.success) for (const listener of listeners.current) listener(message.data);
        })
        .subscribe((state) => setStatus(state === "SUBSCRIBED" ? "live" : "polling"));
    };
    open().catch(() => setStatus("polling"));
    return () => {
      closed = true;
      if (channel) client?.removeChannel(channel);
      client?.realtime.disconnect();
      setStatus("connecting");
    };
  }, [wanted, tenantId, supabaseUrl, publishableKey]);

  const live = useMemo<Live>(
    () => ({
      tenantId,
      status,
      subscribe: (listener) => {
        listeners.current.add(listener);
        setWanted(true);
        return () => {
          listeners.current.delete(listener);
          // The next screen usually subscribes within the same navigation.
          setTimeout(() => listeners.current.size === 0 && setWanted(false), 5_000);
        };
      },
    }),
    [tenantId, status],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

const SessionToken = z.object({ token: z.string(), expiresAt: z.number().nullable() });

/** The access token for the socket, fetched again a minute before it ends. */
function sessionToken(): () => Promise<string> {
  let current: { token: string; until: number } | undefined;
  return async () => {
    if (current && Date.now() < current.until) return current.token;
    const response = await fetch("/api/session/token");
    if (!response.ok) throw new Error(`no session token: ${response.status}`);
    const { token, expiresAt } = SessionToken.parse(await response.json());
    current = { token, until: (expiresAt ?? 0) * 1_000 - 60_000 };
    return token;
  };
}

const RunAnswer = z.custom<CrawlRun>(
  (value) => z.object({ id: z.uuid(), status: z.string() }).safeParse(value).success,
);

/**
 * A source's latest run, live: starts from what the server rendered, follows the broadcasts, and asks when the socket fails or is silent.
 * When the run ends, the page's other data is loaded again.
 */
export function useCrawlRun(sourceId: string, initial: CrawlRun | null): { run: CrawlRun | null; status: LiveStatus } {
  const { tenantId, status, subscribe } = useLive();
  const router = useRouter();
  const [heard, setHeard] = useState<CrawlRun | null>(null);
  const heardAt = useRef(0);
  const run = laterRun(initial, heard?.sourceId === sourceId ? heard : null);
  const active = run !== null && isActive(run);
  const runId = run?.id;

  useEffect(
    () =>
      subscribe((message) => {
        if (message.sourceId !== sourceId) return;
        heardAt.current = Date.now();
        setHeard((previous) => laterRun(previous, runFromProgress(message)));
      }),
    [subscribe, sourceId],
  );

  useEffect(() => {
    if (!active || !runId) return;
    heardAt.current = Date.now();
    const timer = setInterval(async () => {
      if (status === "live" && Date.now() - heardAt.current < SILENCE_MS) return;
      const answer = await fetch(`/api/runs/${runId}?tenantId=${tenantId}`).catch(() => null);
      const body = answer?.ok ? RunAnswer.safeParse(await answer.json()) : null;
      if (!body?.success) return;
      heardAt.current = Date.now();
      setHeard((previous) => laterRun(previous, body.data));
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [active, runId, status, tenantId]);

  const wasActive = useRef(active);
  useEffect(() => {
    if (wasActive.current && !active) router.refresh();
    wasActive.current = active;
  }, [active, router]);

  return { run, status };
}

/** Loads the page's data again while crawls are under way: at most every 2.5 seconds, and only when something was heard. */
export function LiveRefresh({ active, sourceId }: { active: boolean; sourceId?: string }) {
  const { status, subscribe } = useLive();
  const router = useRouter();
  const dirty = useRef(false);
  useEffect(
    () =>
      subscribe((message) => {
        if (!sourceId || message.sourceId === sourceId) dirty.current = true;
      }),
    [subscribe, sourceId],
  );
  useEffect(() => {
    const timer = setInterval(() => {
      const blind = active && status !== "live";
      if ((dirty.current || blind) && document.visibilityState === "visible") router.refresh();
      dirty.current = false;
    }, 2_500);
    return () => clearInterval(timer);
  }, [active, status, router]);
  return null;
}
