import type { Pool } from "pg";
import {
  CallLog,
  type ChatDeps,
  DEFAULT_BUDGET,
  handleWidgetRequest,
  RunningAnswers,
  type WidgetResponse,
} from "@/lib/chat";
import type { TurnEvent } from "@/lib/chat/schema";
import { createGateway, type GatewayEnv } from "@/lib/llm";

/** What one web process answers with; two of them share nothing but the database. */
export function chatDeps(db: Pool, env: GatewayEnv, over: Partial<ChatDeps> = {}): ChatDeps {
  const calls = new CallLog();
  return {
    db,
    gateway: createGateway({ env, onCall: (record) => void calls.add(record) }),
    calls,
    answers: new RunningAnswers(db),
    budget: DEFAULT_BUDGET,
    judgeModel: null,
    appOrigin: "https://app.test",
    limits: null,
    ...over,
  };
}

export const VISITOR_KEY = "0123456789abcdef0123456789abcdef";

export interface WidgetCall {
  publicId: string;
  method?: "GET" | "POST" | "DELETE" | "OPTIONS";
  /** With its query: `answers/<id>/events?after=3`. */
  path?: string;
  /** A text goes as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  address?: string | null;
}

/** A request as the widget makes it on a page of shop.test. */
export function widgetCall(
  deps: ChatDeps,
  { publicId, path = "messages", address = "203.0.113.9", ...call }: WidgetCall,
): Promise<WidgetResponse> {
  const headers: Record<string, string> = {
    origin: "https://shop.test",
    "x-alonchat-visitor": VISITOR_KEY,
    ...call.headers,
  };
  const url = new URL(path, "https://app.test");
  return handleWidgetRequest(deps, {
    method: call.method ?? (call.body === undefined ? "GET" : "POST"),
    publicId,
    path: url.pathname.slice(1),
    header: (name) => headers[name] ?? null,
    query: (name) => url.searchParams.get(name),
    body: async () => (typeof call.body === "string" ? call.body : JSON.stringify(call.body ?? null)),
    address,
  });
}

export type ReadEvent = TurnEvent & { id: number };

/** Whole events of what was written so far. */
export const readEvents = (raw: string): ReadEvent[] =>
  raw
    .split("\n\n")
    .slice(0, -1)
    .map((frame) => {
      const [, id, event, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/s.exec(frame)!;
      return { id: Number(id), event, data: JSON.parse(data!) } as ReadEvent;
    });

export const textOf = (events: TurnEvent[]): string =>
  events.map((e) => (e.event === "delta" ? e.data.text : "")).join("");

/** Reads a stream to its end, or until `enough` says so: then the connection is cut. @throws Error for a refusal */
export async function readStream(
  response: WidgetResponse,
  enough: (events: ReadEvent[]) => boolean = () => false,
): Promise<ReadEvent[]> {
  if (!("stream" in response)) throw new Error(`refused: ${response.body}`);
  const gone = new AbortController();
  let raw = "";
  await response.stream((chunk) => {
    if (gone.signal.aborted) return;
    raw += chunk;
    if (enough(readEvents(raw))) gone.abort();
  }, gone.signal);
  return readEvents(raw);
}
