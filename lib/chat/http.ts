import { createHash } from "node:crypto";
import { z } from "zod";
import { AppError, publicError } from "@/lib/core/errors";
import { newId, sha256 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import {
  eraseVisitor,
  identifyVisitor,
  keepProfile,
  listVisitorConversations,
  openAvatar,
  recordSighting,
  type Visitor,
} from "@/lib/embed";
import { clientNetwork } from "@/lib/net";
import type { ChatDeps } from "./deps";
import { rateAnswer } from "./rate-answer";
import { PostFeedback, PostMessage, Proof } from "./schema";
import { parseCursor } from "./stream/cursor";
import { followAnswer, type Stream, stopAnswer } from "./stream/follow-answer";
import { openTurn } from "./turn";
import { answerVisitorPart, isVisitorPart } from "./visitor-parts";
import { readConversation, widgetConfig } from "./widget-config";

/** A request to the widget's API, as any server can give it. */
export interface WidgetRequest {
  method: string;
  publicId: string;
  /** What follows the agent's id: "config", "messages", "conversations/<id>". */
  path: string;
  header(name: string): string | null;
  /** A parameter of the address. */
  query(name: string): string | null;
  /** Rejects with content_too_large above the limit. */
  body(maxBytes: number): Promise<string>;
  /** The visitor's network address; null when the server does not know. */
  address: string | null;
}

/** Either a whole body, bytes in base64, or a stream that the server drives. */
export type WidgetResponse = { status: number; headers: Record<string, string> } & (
  | { body: string | null; isBase64?: boolean }
  | {
      stream: Stream;
      /** What the process still has to do when the reader has gone. */
      settled?: Promise<void>;
    }
);

const MAX_BODY_BYTES = 64 * 1024;
const DAY_S = 86_400;
const PRIVATE = { "cache-control": "no-store" };
/** A picture's name changes with its content; other origins' pages show it. */
const IMMUTABLE = {
  "cache-control": `public, max-age=${365 * DAY_S}, immutable`,
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};

/** @throws AppError identity_invalid, and whatever `missing` is for a request that does not say who asks */
async function visitorOf(deps: ChatDeps, request: WidgetRequest, missing = noVisitor): Promise<Visitor> {
  const keys = { db: deps.db, cipher: deps.cipher ?? null };
  const visitor = await identifyVisitor(keys, request.publicId, (name) => request.header(name));
  if (!visitor) throw missing();
  return visitor;
}

const noVisitor = () =>
  new AppError("bad_request", "The header x-alonchat-visitor must hold the visitor's key, 32 or more hex digits.");
const noConversation = () => new AppError("not_found", "This conversation is not available.");
const noAnswer = () => new AppError("not_found", "This answer is not available.");

/**
 * The public API of the widget: knows no framework, so that a Next route handler and a plain Node server mount the same.
 * Origins are checked against the agent's domains, not by CORS: CORS only lets the widget read what it is told, refusals too.
 */
export async function handleWidgetRequest(deps: ChatDeps, request: WidgetRequest): Promise<WidgetResponse> {
  const origin = originOf(deps, request);
  const cors = { "access-control-allow-origin": origin ?? "*", vary: "origin" };
  try {
    const response = await dispatch(deps, request, origin);
    return { ...response, headers: { ...cors, ...response.headers } };
  } catch (error) {
    const response = refused(error);
    return { ...response, headers: { ...cors, ...response.headers } };
  }
}

/** Browsers do not name the origin when a page of our own reads (/chat, /embed); they do say that it is the same. */
const originOf = (deps: ChatDeps, request: WidgetRequest): string | null =>
  request.header("origin") ?? (request.header("sec-fetch-site") === "same-origin" ? deps.appOrigin : null);

async function dispatch(deps: ChatDeps, request: WidgetRequest, origin: string | null): Promise<WidgetResponse> {
  const { method, path, publicId } = request;
  if (method === "OPTIONS") return preflight();
  const addressHash = hashOfAddress(request.address);
  const key = request.header("x-alonchat-visitor");
  deps.requests?.admit({ visitorHash: key ? sha256(key) : null, addressHash });
  if (method === "GET" && path === "config") return config(deps, request, origin);
  if (method === "POST" && path === "messages") return message(deps, request, origin, addressHash);
  const answer = /^answers\/([^/]+)\/(events|stop)$/.exec(path);
  if (answer && method === (answer[2] === "stop" ? "POST" : "GET")) {
    const id = z.uuid().safeParse(answer[1]);
    if (!id.success) throw noAnswer();
    const reader = { publicId, origin, visitorHash: (await visitorOf(deps, request)).hash };
    if (answer[2] === "events")
      return {
        status: 200,
        headers: streamHeaders,
        stream: await followAnswer(deps, reader, id.data, cursorOf(request)),
      };
    await stopAnswer(deps, reader, id.data);
    return { status: 204, headers: {}, body: null };
  }
  const conversation = /^conversations\/([^/]+)$/.exec(path);
  if (method === "GET" && conversation) {
    const id = z.uuid().safeParse(conversation[1]);
    if (!id.success) throw noConversation();
    const { hash } = await visitorOf(deps, request, noConversation);
    return json(200, await readConversation(deps, publicId, hash, id.data, request.query("after")), PRIVATE);
  }
  if (method === "GET" && path === "conversations") {
    const visitor = await visitorOf(deps, request);
    return json(200, { conversations: await listVisitorConversations(deps, publicId, visitor) }, PRIVATE);
  }
  if (method === "DELETE" && path === "visitor") {
    await eraseVisitor(deps, publicId, await visitorOf(deps, request));
    return { status: 204, headers: PRIVATE, body: null };
  }
  const avatar = /^avatar\/([^/]+)$/.exec(path);
  if (method === "GET" && avatar) {
    const { bytes, type } = await openAvatar(deps, publicId, avatar[1]!);
    return {
      status: 200,
      headers: { ...IMMUTABLE, "content-type": type },
      body: bytes.toString("base64"),
      isBase64: true,
    };
  }
  const feedback = /^answers\/([^/]+)\/feedback$/.exec(path);
  if (method === "POST" && feedback) return rate(deps, request, feedback[1]!);
  if (isVisitorPart(request)) return visitorPart(deps, request, origin, addressHash);
  throw new AppError("not_found", "The widget's API has no such address.");
}

/** What limits know a network address by. */
export const hashOfAddress = (address: string | null): string | null =>
  address ? sha256(clientNetwork(address)) : null;

const preflight = (): WidgetResponse => ({
  status: 204,
  headers: {
    "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
    "access-control-allow-headers":
      "content-type, last-event-id, x-alonchat-visitor, x-alonchat-identity, x-alonchat-user, x-alonchat-user-hash, x-alonchat-proof",
    "access-control-max-age": "7200",
  },
  body: null,
});

async function config(deps: ChatDeps, request: WidgetRequest, origin: string | null): Promise<WidgetResponse> {
  const found = await widgetConfig(deps, request.publicId, origin).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "origin_not_allowed")
      void recordSighting(deps, request.publicId, origin, false);
    throw error;
  });
  void recordSighting(deps, request.publicId, origin, true);
  const text = JSON.stringify(found);
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  const headers = { etag, "cache-control": `public, max-age=300, stale-while-revalidate=${DAY_S}` };
  if (request.header("if-none-match") === etag) return { status: 304, headers, body: null };
  return { status: 200, headers: { ...headers, "content-type": "application/json" }, body: text };
}

async function message(
  deps: ChatDeps,
  request: WidgetRequest,
  origin: string | null,
  addressHash: string | null,
): Promise<WidgetResponse> {
  const visitor = await visitorOf(deps, request);
  const proof = request.header("x-alonchat-proof");
  const body = PostMessage.parse(parseJson(await request.body(MAX_BODY_BYTES)));
  const turn = await openTurn(
    deps,
    {
      publicId: request.publicId,
      channel: "widget",
      tenantId: null,
      origin,
      visitorHash: visitor.hash,
      addressHash,
      isIdentified: visitor.isIdentified,
      proof: proof === null ? null : Proof.parse(proof),
    },
    body,
    { after: cursorOf(request) },
  );
  // Beside the answer, which neither waits for it nor fails with it.
  const kept = keepProfile(deps, visitor, body.conversationId).catch((error: Error) =>
    log.error({ event: "chat.profile_not_kept", answerId: turn.answerId, reason: error.message }),
  );
  const settled = Promise.all([turn.settled, kept]).then(() => {});
  return { status: 200, headers: streamHeaders, stream: turn.stream, settled };
}

async function rate(deps: ChatDeps, request: WidgetRequest, answer: string): Promise<WidgetResponse> {
  const answerId = z.uuid().safeParse(answer);
  if (!answerId.success) throw noAnswer();
  const visitor = await visitorOf(deps, request, noAnswer);
  const feedback = PostFeedback.parse(parseJson(await request.body(MAX_BODY_BYTES)));
  const who = { publicId: request.publicId, visitorHash: visitor.hash, answerId: answerId.data };
  await rateAnswer(deps, who, feedback);
  return { status: 204, headers: PRIVATE, body: null };
}

/** The last id that the reader saw. */
const cursorOf = (request: WidgetRequest): number | null =>
  parseCursor(request.header("last-event-id") ?? request.query("after"));

async function visitorPart(
  deps: ChatDeps,
  request: WidgetRequest,
  origin: string | null,
  addressHash: string | null,
): Promise<WidgetResponse> {
  const { publicId, path } = request;
  const { hash: visitorHash, isIdentified } = await visitorOf(deps, request);
  const visitor = { publicId, origin, visitorHash, isIdentified, addressHash };
  const { db, appOrigin, limits, cipher = null, storage = null, scanner = null, live = null } = deps;
  const parts = { db, appOrigin, limits, cipher, storage, scanner, live };
  const body = async () => parseJson(await request.body(MAX_BODY_BYTES));
  const answer = await answerVisitorPart(parts, visitor, path, body);
  return answer === undefined ? { status: 204, headers: PRIVATE, body: null } : json(200, answer, PRIVATE);
}

/** Compression is refused on purpose: it doubles the cost of a stream. */
export const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("bad_request", "The body is not JSON.", { cause });
  }
}

const json = (status: number, value: unknown, headers: Record<string, string> = {}): WidgetResponse => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(value),
});

function refused(error: unknown): WidgetResponse {
  const requestId = newId();
  const known =
    error instanceof z.ZodError
      ? new AppError("bad_request", error.issues[0]?.message ?? "The request is not valid.")
      : error;
  if (known instanceof AppError) log[known.policy.level]({ event: "widget.refused", code: known.code, requestId });
  else log.error({ event: "widget.failed", requestId, err: known });
  const shown = publicError(known);
  const headers: Record<string, string> = { "cache-control": "no-store", "x-request-id": requestId };
  if (shown.retryAfterMs !== undefined) headers["retry-after"] = String(Math.ceil(shown.retryAfterMs / 1_000));
  const details = known instanceof AppError ? known.details : undefined;
  return json(known instanceof AppError ? known.policy.http : 500, { error: shown, ...details, requestId }, headers);
}
