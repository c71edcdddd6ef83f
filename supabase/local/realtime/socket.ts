import type { WebSocket } from "ws";
import type { Claims } from "./authorise";
import { encodeFrame, type Frame, type JoinConfig, type Version } from "./protocol";

export type Limits = {
  /** a socket from which nothing came for so long is closed; clients send a heartbeat every 25 s */
  silenceMs: number;
  /** what may wait to be sent to one socket before it counts as too slow */
  maxBufferedBytes: number;
  maxFrameBytes: number;
  maxChannelsPerSocket: number;
  maxSockets: number;
};

export const LIMITS: Limits = {
  silenceMs: 60_000,
  maxBufferedBytes: 1024 * 1024,
  maxFrameBytes: 256 * 1024,
  maxChannelsPerSocket: 100,
  maxSockets: 2_000,
};

export type Stats = {
  drops: number;
  droppedBytes: number;
  silent: number;
  invalidFrames: number;
  sent: number;
  skippedChanges: number;
};

export type ChangeBinding = JoinConfig["postgres_changes"][number] & { id: number };

/** One joined topic of one socket. */
export type Channel = {
  socket: Socket;
  /** as the client wrote it: "realtime:" and the name that policies see */
  topic: string;
  name: string;
  joinRef: string | null;
  config: JoinConfig;
  claims: Claims;
  changes: ChangeBinding[];
  presence: { key: string; listens: boolean; meta?: Record<string, unknown> };
  /** answers of the permission trials since the last token */
  mayWrite: Map<string, Promise<boolean>>;
  expiry?: NodeJS.Timeout;
};

/** A client's connection: sends in the client's version of the protocol and never lets a slow reader fill the memory. */
export class Socket {
  lastHeardAt = Date.now();
  readonly joined = new Map<string, Channel>();

  constructor(
    private readonly ws: WebSocket,
    readonly apiKey: string,
    private readonly version: Version,
    private readonly limits: Limits,
    private readonly stats: Stats,
  ) {}

  reply(frame: Frame, joinRef: string | null, status: "ok" | "error", response: unknown = {}): void {
    this.send({ joinRef, ref: frame.ref, topic: frame.topic, event: "phx_reply", payload: { status, response } });
  }

  push(channel: Channel, event: string, payload: unknown): void {
    this.send({ joinRef: null, ref: null, topic: channel.topic, event, payload });
  }

  send(frame: Frame): void {
    if (this.ws.readyState !== this.ws.OPEN) return;
    if (this.ws.bufferedAmount > this.limits.maxBufferedBytes) {
      this.stats.drops++;
      this.stats.droppedBytes += this.ws.bufferedAmount;
      // Not a polite close: the closing frame would wait behind what the client does not read.
      this.ws.terminate();
      return;
    }
    this.stats.sent++;
    this.ws.send(encodeFrame(frame, this.version));
  }

  closeIfSilent(now: number): void {
    if (now - this.lastHeardAt <= this.limits.silenceMs) return;
    this.stats.silent++;
    this.ws.terminate();
  }
}
