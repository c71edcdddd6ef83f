import type { StoredConversation } from "./protocol";

const HEARTBEAT_MS = 25_000;
const MAX_PAUSE_MS = 30_000;

type Frame = {
  topic: string;
  event: string;
  payload?: { status?: string; event?: string; payload?: Payload };
  ref: string | null;
};
type Payload = { from?: string };

/**
 * Listens on one public channel of Supabase Realtime (Phoenix channels, version 1.0.0 in JSON): joins, keeps the
 * connection alive, and joins again after a pause that grows when it is lost.
 * @param hear gets `joined` each time that listening begins, and every broadcast by its name
 */
export function listen(
  { url, key, topic }: NonNullable<StoredConversation["live"]>,
  signal: AbortSignal,
  hear: (event: string, payload?: Payload) => void,
) {
  const address = `${url.replace(/^http/, "ws")}/realtime/v1/websocket?apikey=${encodeURIComponent(key)}&vsn=1.0.0`;
  const channel = `realtime:${topic}`;
  let socket: WebSocket | undefined;
  let joined = false;
  let attempt = 0;
  let ref = 0;
  let unanswered = "";
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const push = (to: string, event: string, payload: object): string => {
    const own = `${++ref}`;
    socket?.send(JSON.stringify({ topic: to, event, payload, ref: own, join_ref: "1" }));
    return own;
  };
  const open = () => {
    let mine: WebSocket;
    try {
      mine = new WebSocket(address);
    } catch {
      // A policy of the page forbids it.
      return lost();
    }
    socket = mine;
    ref = 0;
    mine.onopen = () => {
      push(channel, "phx_join", { config: { broadcast: { self: false }, private: false } });
      heartbeat = setInterval(() => {
        // The last one has not come back: the connection is dead, whatever the browser thinks.
        if (unanswered) return mine.close();
        unanswered = push("phoenix", "heartbeat", {});
      }, HEARTBEAT_MS);
    };
    mine.onmessage = ({ data }) => {
      const { topic: from, event, payload, ref: answered } = JSON.parse(data) as Frame;
      if (answered === unanswered) unanswered = "";
      if (from !== channel) return;
      if (event === "phx_reply" && answered === "1") {
        if (payload?.status !== "ok") return mine.close();
        joined = true;
        attempt = 0;
        hear("joined");
      }
      if (event === "broadcast" && payload?.event) hear(payload.event, payload.payload);
      if (event === "phx_close" || event === "phx_error") mine.close();
    };
    mine.onclose = () => socket === mine && lost();
  };
  /** Not all clients of a server that restarts come back in the same moment. */
  const lost = () => {
    clearInterval(heartbeat);
    joined = false;
    unanswered = "";
    const ms = Math.min(MAX_PAUSE_MS, 1_000 * 2 ** attempt++) * (0.7 + Math.random() * 0.6);
    pause = setTimeout(open, ms);
  };
  const close = () => {
    const old = socket;
    socket = undefined;
    joined = false;
    clearInterval(heartbeat);
    clearTimeout(pause);
    old?.close();
  };
  signal.addEventListener("abort", close);
  open();
  return {
    get joined(): boolean {
      return joined;
    },
    send(event: string, payload: Payload): void {
      if (joined) push(channel, "broadcast", { type: "broadcast", event, payload });
    },
    close,
  };
}
