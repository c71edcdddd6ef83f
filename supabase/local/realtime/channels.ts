import type { Channel } from "./socket";

export const channelName = (topic: string): string => topic.replace(/^realtime:/, "");

/** Every joined channel, by topic. Private and public channels of one name never hear each other. */
export class Channels {
  private readonly byTopic = new Map<string, Set<Channel>>();

  add(channel: Channel): void {
    const set = this.byTopic.get(channel.topic) ?? new Set();
    this.byTopic.set(channel.topic, set.add(channel));
  }

  delete(channel: Channel): void {
    const set = this.byTopic.get(channel.topic);
    set?.delete(channel);
    if (set?.size === 0) this.byTopic.delete(channel.topic);
  }

  has(name: string): boolean {
    return this.byTopic.has(`realtime:${name}`);
  }

  *peers(topic: string, isPrivate: boolean): Generator<Channel> {
    for (const channel of this.byTopic.get(topic) ?? []) if (channel.config.private === isPrivate) yield channel;
  }

  *all(): Generator<Channel> {
    for (const set of this.byTopic.values()) yield* set;
  }

  get size(): number {
    let n = 0;
    for (const set of this.byTopic.values()) n += set.size;
    return n;
  }

  /** Sends a broadcast to everybody on a topic, to its sender only when it asked for that. */
  broadcast(
    message: { name: string; private: boolean; event: string; payload: unknown; meta?: unknown },
    from?: Channel,
  ): void {
    const { name, event, payload, meta } = message;
    for (const channel of this.peers(`realtime:${name}`, message.private)) {
      if (channel === from && !channel.config.broadcast.self) continue;
      channel.socket.push(channel, "broadcast", { type: "broadcast", event, payload, ...(meta ? { meta } : {}) });
    }
  }
}
