import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Keys } from "../state";
import { type Claims, type Extension, mayUse, readClaims } from "./authorise";
import { type Channels, channelName } from "./channels";
import { presenceState, track, untrack } from "./presence";
import { BroadcastPayload, type Frame, JoinPayload, PresencePayload } from "./protocol";
import type { Channel, Limits, Socket } from "./socket";

export type SessionContext = { pool: pg.Pool; keys: Keys; channels: Channels; limits: Limits };

const MAX_TIMER_MS = 2_147_483_647;
let nextChangeId = 1;

/** Answers one message of a socket. Messages of one socket are handled one after the other. */
export async function handleFrame(context: SessionContext, socket: Socket, frame: Frame): Promise<void> {
  const channel = socket.joined.get(frame.topic);
  if (frame.topic === "phoenix") return socket.reply(frame, null, "ok");
  if (frame.event === "phx_join") return join(context, socket, frame);
  if (!channel) return socket.reply(frame, frame.joinRef, "error", { reason: "unmatched topic" });
  switch (frame.event) {
    case "phx_leave":
      leave(context, channel);
      socket.reply(frame, channel.joinRef, "ok");
      return socket.push(channel, "phx_close", {});
    case "access_token":
      return renew(context, channel, frame);
    case "broadcast":
      return broadcast(context, channel, frame);
    case "presence":
      return presence(context, channel, frame);
    default:
      return socket.reply(frame, channel.joinRef, "error", { reason: `unknown event: ${frame.event}` });
  }
}

async function join(context: SessionContext, socket: Socket, frame: Frame): Promise<void> {
  const refuse = (reason: string) => socket.reply(frame, frame.joinRef, "error", { reason });
  const earlier = socket.joined.get(frame.topic);
  if (earlier) leave(context, earlier);
  if (socket.joined.size >= context.limits.maxChannelsPerSocket)
    return refuse("ChannelRateLimitReached: Too many channels");
  const name = channelName(frame.topic);
  if (!name || name === frame.topic) return refuse("TopicNameRequired: You must provide a topic name");
  const parsed = JoinPayload.safeParse(frame.payload ?? {});
  if (!parsed.success) return refuse("InvalidJoinPayload: The join message is not valid");
  const { config, access_token: token } = parsed.data;

  let claims: Claims;
  try {
    claims = await readClaims(token ?? undefined, socket.apiKey, context.keys);
  } catch (error) {
    return refuse(`InvalidJWTToken: ${reasonOf(error)}`);
  }
  if (config.private && !(await mayUse(context.pool, claims, name, "broadcast", "read")))
    return refuse(`Unauthorized: You do not have permissions to read from this Channel topic: ${name}`);

  const channel: Channel = {
    socket,
    topic: frame.topic,
    name,
    joinRef: frame.joinRef,
    config,
    claims,
    changes: config.postgres_changes.map((binding) => ({ ...binding, id: nextChangeId++ })),
    presence: { key: config.presence.key || randomUUID(), listens: config.presence.enabled ?? false },
    mayWrite: new Map(),
  };
  socket.joined.set(frame.topic, channel);
  context.channels.add(channel);
  expireWithToken(context, channel);
  socket.reply(frame, channel.joinRef, "ok", { postgres_changes: channel.changes });
  if (channel.presence.listens) socket.push(channel, "presence_state", presenceState(context.channels, channel));
  if (channel.changes.length > 0)
    socket.push(channel, "system", {
      channel: name,
      extension: "postgres_changes",
      message: "Subscribed to PostgreSQL",
      status: "ok",
    });
}

/** Takes a channel away from its socket without a word to the client. */
export function leave(context: SessionContext, channel: Channel): void {
  clearTimeout(channel.expiry);
  untrack(context.channels, channel);
  context.channels.delete(channel);
  if (channel.socket.joined.get(channel.topic) === channel) channel.socket.joined.delete(channel.topic);
}

async function renew(context: SessionContext, channel: Channel, frame: Frame): Promise<void> {
  const token = (frame.payload as { access_token?: unknown } | null)?.access_token;
  try {
    channel.claims = await readClaims(typeof token === "string" ? token : "-", channel.socket.apiKey, context.keys);
  } catch (error) {
    return closeChannel(context, channel, reasonOf(error));
  }
  channel.mayWrite.clear();
  expireWithToken(context, channel);
  if (channel.config.private && !(await mayUse(context.pool, channel.claims, channel.name, "broadcast", "read")))
    closeChannel(context, channel, `You do not have permissions to read from this Channel topic: ${channel.name}`);
}

function expireWithToken(context: SessionContext, channel: Channel): void {
  clearTimeout(channel.expiry);
  if (channel.claims.exp === undefined) return;
  const inMs = Math.min(Math.max(channel.claims.exp * 1_000 - Date.now(), 0), MAX_TIMER_MS);
  channel.expiry = setTimeout(() => closeChannel(context, channel, "Token has expired"), inMs);
  channel.expiry.unref();
}

function closeChannel(context: SessionContext, channel: Channel, message: string): void {
  channel.socket.push(channel, "system", { channel: channel.name, extension: "system", message, status: "error" });
  leave(context, channel);
  channel.socket.push(channel, "phx_close", {});
}

async function broadcast(context: SessionContext, channel: Channel, frame: Frame): Promise<void> {
  const parsed = BroadcastPayload.safeParse(frame.payload);
  const answer = (status: "ok" | "error", response = {}) =>
    channel.config.broadcast.ack && channel.socket.reply(frame, channel.joinRef, status, response);
  if (!parsed.success) return void answer("error", { reason: "A broadcast needs an event" });
  if (!(await mayWrite(context, channel, "broadcast"))) return void answer("error", { reason: "Unauthorized" });
  context.channels.broadcast({ name: channel.name, private: channel.config.private, ...parsed.data }, channel);
  answer("ok");
}

async function presence(context: SessionContext, channel: Channel, frame: Frame): Promise<void> {
  const parsed = PresencePayload.safeParse(frame.payload);
  if (!parsed.success)
    return channel.socket.reply(frame, channel.joinRef, "error", { reason: "unknown presence event" });
  if (!(await mayWrite(context, channel, "presence")))
    return channel.socket.reply(frame, channel.joinRef, "error", { reason: "Unauthorized" });
  if (parsed.data.event === "track") track(context.channels, channel, parsed.data.payload);
  else untrack(context.channels, channel);
  channel.socket.reply(frame, channel.joinRef, "ok");
}

function mayWrite(context: SessionContext, channel: Channel, extension: Extension): Promise<boolean> {
  if (!channel.config.private) return Promise.resolve(true);
  const known = channel.mayWrite.get(extension);
  if (known) return known;
  const trial = mayUse(context.pool, channel.claims, channel.name, extension, "write");
  channel.mayWrite.set(extension, trial);
  trial.catch(() => channel.mayWrite.delete(extension));
  return trial;
}

const reasonOf = (error: unknown): string => {
  const code = (error as { code?: string }).code;
  return code === "ERR_JWT_EXPIRED" ? "Token has expired" : "The token provided is not a valid JWT";
};
