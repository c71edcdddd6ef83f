import { z } from "zod";

/** One message of the Phoenix channel protocol, in either direction. */
export type Frame = { joinRef: string | null; ref: string | null; topic: string; event: string; payload: unknown };

/** 2.0.0 sends arrays (what supabase-js speaks today), 1.0.0 objects. */
export type Version = "1.0.0" | "2.0.0";

export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

const Ref = z.union([z.string().max(255), z.number().transform(String)]).nullish();
const Topic = z.string().min(1).max(255);
const Event = z.string().min(1).max(255);
const ArrayFrame = z
  .tuple([Ref, Ref, Topic, Event, z.unknown()])
  .transform(([joinRef, ref, topic, event, payload]) => ({ joinRef, ref, topic, event, payload }));
const ObjectFrame = z
  .object({ join_ref: Ref, ref: Ref, topic: Topic, event: Event, payload: z.unknown() })
  .transform(({ join_ref, ...rest }) => ({ joinRef: join_ref, ...rest }));
const TextFrame = z.union([ArrayFrame, ObjectFrame]);

/** What a client asks for when it joins. Unknown keys are left out. */
export const JoinConfig = z
  .object({
    private: z.boolean().default(false),
    broadcast: z
      .object({ ack: z.boolean().default(false), self: z.boolean().default(false) })
      .partial()
      .default({}),
    presence: z
      .object({ key: z.string().max(255), enabled: z.boolean() })
      .partial()
      .default({}),
    postgres_changes: z
      .array(
        z.object({
          event: z.enum(["*", "INSERT", "UPDATE", "DELETE"]),
          schema: z.string().max(63).default("*"),
          table: z.string().max(63).optional(),
          filter: z.string().max(1_000).optional(),
        }),
      )
      .max(100)
      .default([]),
  })
  .default({ private: false, broadcast: {}, presence: {}, postgres_changes: [] });
export type JoinConfig = z.infer<typeof JoinConfig>;

export const JoinPayload = z.object({ config: JoinConfig, access_token: z.string().max(8_000).nullish() });
export const BroadcastPayload = z.object({ event: z.string().max(255), payload: z.unknown() });
export const PresencePayload = z.object({
  event: z.enum(["track", "untrack"]),
  payload: z.record(z.string(), z.unknown()).default({}),
});

/** @throws ProtocolError when the bytes are no frame */
export function decodeFrame(data: Buffer, isBinary: boolean): Frame {
  if (isBinary) return decodeBroadcastPush(data);
  const parsed = TextFrame.safeParse(parseJson(data.toString("utf8")));
  if (!parsed.success) throw new ProtocolError("not a channel message");
  const { joinRef, ref, ...rest } = parsed.data;
  return { joinRef: joinRef ?? null, ref: ref ?? null, ...rest };
}

export function encodeFrame({ joinRef, ref, topic, event, payload }: Frame, version: Version): string {
  return JSON.stringify(
    version === "2.0.0" ? [joinRef, ref, topic, event, payload] : { topic, event, payload, ref, join_ref: joinRef },
  );
}

const KIND_BROADCAST_PUSH = 3;
const HEADER_BYTES = 7;
const ENCODING_JSON = 1;

/** `kind, five lengths, encoding`, then join_ref, ref, topic, event, metadata and the payload. */
function decodeBroadcastPush(data: Buffer): Frame {
  const [kind, ...sizes] = data.subarray(0, HEADER_BYTES);
  const encoding = sizes.pop();
  if (kind !== KIND_BROADCAST_PUSH || sizes.length !== 5) throw new ProtocolError("unknown binary message");
  let at = HEADER_BYTES;
  const parts = sizes.map((size) => {
    at += size;
    return data.toString("utf8", at - size, at);
  });
  if (at > data.length) throw new ProtocolError("binary message is too short");
  const [joinRef, ref, topic, event] = parts as [string, string, string, string];
  if (!topic || !event) throw new ProtocolError("binary message without topic or event");
  const rest = data.subarray(at);
  const payload = encoding === ENCODING_JSON ? parseJson(rest.toString("utf8")) : rest.toString("base64");
  return {
    joinRef: joinRef || null,
    ref: ref || null,
    topic,
    event: "broadcast",
    payload: { type: "broadcast", event, payload },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtocolError("not JSON");
  }
}
