import { randomUUID } from "node:crypto";
import type { Channels } from "./channels";
import type { Channel } from "./socket";

type Entries = Record<string, { metas: Record<string, unknown>[] }>;

/** Who is on the channel's topic, by presence key. */
export function presenceState(channels: Channels, { topic, config }: Channel): Entries {
  const state: Entries = Object.create(null); // keys come from clients: "__proto__" is one like any other
  for (const { presence } of channels.peers(topic, config.private)) {
    if (!presence.meta) continue;
    state[presence.key] ??= { metas: [] };
    state[presence.key]?.metas.push(presence.meta);
  }
  return state;
}

export function track(channels: Channels, channel: Channel, payload: Record<string, unknown>): void {
  const before = channel.presence.meta;
  const meta = { ...payload, phx_ref: randomUUID().slice(0, 12) };
  channel.presence.meta = meta;
  channel.presence.listens = true;
  tell(channels, channel, { joins: entry(channel, meta), leaves: before ? entry(channel, before) : {} });
}

export function untrack(channels: Channels, channel: Channel): void {
  const before = channel.presence.meta;
  if (!before) return;
  delete channel.presence.meta;
  tell(channels, channel, { joins: {}, leaves: entry(channel, before) });
}

const entry = (channel: Channel, meta: Record<string, unknown>): Entries => ({
  [channel.presence.key]: { metas: [meta] },
});

function tell(channels: Channels, { topic, config }: Channel, diff: { joins: Entries; leaves: Entries }): void {
  for (const peer of channels.peers(topic, config.private))
    if (peer.presence.listens) peer.socket.push(peer, "presence_diff", diff);
}
