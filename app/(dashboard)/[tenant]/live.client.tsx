"use client";

import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { z } from "zod";
import { type CrawlRun, isActive, laterRun, runFromProgress, type Source } from "@/lib/agents/schema";
import { CrawlProgress, crawlTopic } from "@/lib/crawl/schema";
import { InboxNudge, inboxTopic } from "@/lib/inbox/schema";

/** connecting: not known yet · live: the socket is open · polling: it is not, so screens ask every three seconds. */
export type LiveStatus = "connecting" | "live" | "polling";
/** What a workspace's screens can listen to. */
const TOPICS = {
  crawl: { topic: crawlTopic, event: "progress", message: CrawlProgress },
  inbox: { topic: inboxTopic, event: "changed", message: InboxNudge },
} as const;
type Topic = keyof typeof TOPICS;
type Message<T extends Topic> = z.infer<(typeof TOPICS)[T]["message"]>;
type Listeners = { [T in Topic]: Set<(message: Message<T>) => void> };
type Subscribe = <T extends Topic>(topic: T, listener: (message: Message<T>) => void) => () => void;
type Live = { tenantId: string; status: LiveStatus; subscribe: Subscribe };

const POLL_MS = 3_000;
const REFRESH_MS = 2_500;
/** A socket may be open and yet bring nothing; after this long without a word a running crawl is asked about. */
const SILENCE_MS = 10_000;

const LiveContext = createContext<Live | null>(null);

function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive needs a LiveProvider above it");
  return live;
}

/** One Realtime socket for a workspace, opened when the first screen wants to hear of something and closed after the last. */
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
  const listeners = useRef<Listeners>({ crawl: new Set(), inbox: new Set() });

  useEffect(() => {
    if (!wanted) return;
    let client: SupabaseClient | undefined;
    const channels: RealtimeChannel[] = [];
    let closed = false;
    const open = async () => {
      const { createClient } = await import("@supabase/supabase-js");
      client = createClient(supabaseUrl, publishableKey, { accessToken: sessionToken() });
      await client.realtime.setAuth();
      if (closed) return;
      const joined = new Map<Topic, boolean | null>();
      const join = <T extends Topic>(name: T) => {
        const { topic, event, message } = TOPICS[name];
        const channel = client!.channel(topic(tenantId), { config: { private: true } });
        channels.push(channel);
        channel
          .on("broadcast", { event }, ({ payload }) => {
            const heard = message.safeParse(payload);
            if (heard.success) for (const listener of listeners.current[name]) listener(heard.data as Message<T>);
          })
          .subscribe((state) => {
            joined.set(name, state === "SUBSCRIBED");
            const states = [...joined.values()];
            setStatus(states.includes(false) ? "polling" : states.includes(null) ? "connecting" : "live");
          });
      };
      for (const name of ["crawl", "inbox"] as const) joined.set(name, null);
      join("crawl");
      join("inbox");
    };
    open().catch(() => setStatus("polling"));
    return () => {
      closed = true;
      for (const channel of channels) client?.removeChannel(channel);
      client?.realtime.disconnect();
      setStatus("connecting");
    };
  }, [wanted, tenantId, supabaseUrl, publishableKey]);

  const subscribe = useCallback<Subscribe>((topic, listener) => {
    listeners.current[topic].add(listener);
    setWanted(true);
    return () => {
      listeners.current[topic].delete(listener);
      // The next screen usually subscribes within the same navigation.
      setTimeout(() => Object.values(listeners.current).every(({ size }) => size === 0) && setWanted(false), 5_000);
    };
  }, []);
  const live = useMemo<Live>(() => ({ tenantId, status, subscribe }), [tenantId, status, subscribe]);
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
 * A source's latest run, live: starts from what the server rendered, follows the broadcasts, and asks when it may have missed one: as soon
 * as the socket is open (again), while it is not, and when it is silent. Once the run is over, the page's other data is loaded again until
 * that shows it too.
 */
export function useCrawlRun(source: Pick<Source, "id" | "status" | "run">): {
  run: CrawlRun | null;
  status: LiveStatus;
} {
  const { tenantId, status, subscribe } = useLive();
  const router = useRouter();
  const [heard, setHeard] = useState<CrawlRun | null>(null);
  const heardAt = useRef(0);
  const run = laterRun(source.run, heard?.sourceId === source.id ? heard : null);
  const active = run !== null && isActive(run);
  const runId = run?.id;

  useEffect(
    () =>
      subscribe("crawl", (message) => {
        if (message.sourceId !== source.id) return;
        heardAt.current = Date.now();
        setHeard((previous) => laterRun(previous, runFromProgress(message)));
      }),
    [subscribe, source.id],
  );

  useEffect(() => {
    if (!active || !runId) return;
    const ask = async () => {
      heardAt.current = Date.now();
      const answer = await fetch(`/api/runs/${runId}?tenantId=${tenantId}`).catch(() => null);
      const body = answer?.ok ? RunAnswer.safeParse(await answer.json()) : null;
      if (body?.success) setHeard((previous) => laterRun(previous, body.data));
    };
    if (status === "live") void ask();
    const timer = setInterval(() => {
      if (status !== "live" || Date.now() - heardAt.current >= SILENCE_MS) void ask();
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [active, runId, status, tenantId]);

  // The server reads a source and its run one after the other: the run may have ended in between.
  const isRendered = !run || (source.run?.id === run.id && !isActive(source.run) && source.status !== "crawling");
  useEffect(() => {
    if (active || isRendered) return;
    router.refresh();
    const timer = setInterval(() => router.refresh(), POLL_MS);
    return () => clearInterval(timer);
  }, [active, isRendered, router]);

  return { run, status };
}

/**
 * Loads the page's data again while crawls are under way, at most every 2.5 seconds: when something was heard, and when something may have
 * been missed (the socket has just opened, is not open, or is silent).
 */
export function LiveRefresh({ active, sourceId }: { active: boolean; sourceId?: string }) {
  const { status, subscribe } = useLive();
  const router = useRouter();
  const dirty = useRef(false);
  const freshAt = useRef(0);
  useEffect(
    () =>
      subscribe("crawl", (message) => {
        if (!sourceId || message.sourceId === sourceId) dirty.current = true;
      }),
    [subscribe, sourceId],
  );
  useEffect(() => {
    if (active && status === "live") dirty.current = true;
    freshAt.current = Date.now();
    const timer = setInterval(() => {
      const blind = active && (status !== "live" || Date.now() - freshAt.current >= SILENCE_MS);
      if (!(dirty.current || blind) || document.visibilityState !== "visible") return;
      dirty.current = false;
      freshAt.current = Date.now();
      router.refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [active, status, router]);
  return null;
}

/** The database tells screens of one agent at most every 400 ms; who loads later than that sees what it left out. */
const SETTLE_MS = 700;
const INBOX_POLL_MS = 5_000;

/** Loads the page's data again when conversations of the agent change, and every five seconds while nobody could say so. */
export function LiveInbox({ agentId }: { agentId: string }) {
  const { status, subscribe } = useLive();
  const router = useRouter();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = subscribe("inbox", (message) => {
      if (message.agentId !== agentId) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        router.refresh();
      }, SETTLE_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [subscribe, router, agentId]);
  useEffect(() => {
    // Something may have been said between what the server rendered and the socket's opening.
    if (status === "live") router.refresh();
    if (status !== "polling") return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") router.refresh();
    }, INBOX_POLL_MS);
    return () => clearInterval(timer);
  }, [status, router]);
  return null;
}
