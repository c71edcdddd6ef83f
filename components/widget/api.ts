import type { AgentConfig, AnswerEvent, Challenge, Question, WireErrorBody } from "./protocol";
import { sseReader } from "./sse";

/** Without a byte for this long the connection counts as cut. Servers send comments in between while a model thinks. */
const SILENCE_MS = 60_000;

/**
 * A request that failed. `code` is the server's, or `offline` (the browser knows no network), `network` (not reached,
 * or cut in the middle), `internal` (an answer that is not of the protocol). The server's messages may be shown.
 */
export interface ChatError extends Error {
  code: string;
  /** On the clock of `performance.now()`, which no one sets: before that the same request would be refused. */
  retryAt: number;
  challenge?: Challenge;
}

/** @param code unless `detail`, what the server said, names one */
export const chatError = (code: string, detail: Partial<WireErrorBody> = {}): ChatError =>
  Object.assign(new Error(code), { code, ...detail, retryAt: performance.now() + (detail.retryAfterMs ?? 0) });

export interface Api {
  config(): Promise<AgentConfig>;
  /**
   * Sends a message and reports its answer as it comes. Resolves after `done`.
   * @param after the id of the last event that was seen of this answer; what follows it is reported. An answer that
   *   begins anew all the same says `start` again
   * @throws ChatError also for an `error` event and for a stream that ends before either
   */
  ask(
    question: Question,
    signal: AbortSignal,
    onEvent: (event: AnswerEvent, id: string) => void,
    after?: string,
  ): Promise<void>;
  /**
   * Any other request of this visitor: GET, or with a body POST, unless `method` says otherwise.
   * @param visitor the headers that say who asks, where they are not the usual ones
   * @returns the JSON that came back; undefined when nothing did
   * @throws ChatError
   */
  send<Reply = void>(path: string, body?: unknown, method?: string, visitor?: object): Promise<Reply>;
}

/**
 * @param headers say who asks; read for every request
 * @param solve does the work of a challenge, which the server may set before it takes a message, and puts the proof into
 *   the headers
 */
export function createApi(
  origin: string,
  agentId: string,
  headers: () => object,
  solve: (challenge: Challenge) => Promise<unknown>,
): Api {
  const request = async (path: string, init?: RequestInit, visitor: object = headers()): Promise<Response> => {
    const response = await fetch(`${origin}/api/widget/v1/agents/${agentId}/${path}`, {
      credentials: "omit",
      ...init,
      headers: { ...visitor, ...init?.headers },
    });
    if (response.ok) return response;
    // Not every refusal comes from our server: there may be a proxy in between.
    const { error, challenge }: { error?: WireErrorBody; challenge?: Challenge } = await response
      .json()
      .catch(() => ({}));
    throw chatError(response.status > 501 ? "upstream_busy" : "internal", { challenge, ...error });
  };
  const withBody = (body: unknown, method = "POST"): RequestInit => ({
    method,
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const send: Api["send"] = (path, body?: unknown, method?: string, visitor?: object) =>
    request(path, body === undefined ? { method } : withBody(body, method), visitor)
      .then((response) => (response.status === 204 ? undefined : response.json()))
      .catch(fail);

  return {
    // Without headers of the visitor: the same for all, kept by the browser, and no preflight.
    config: () => send("config", undefined, undefined, {}),

    send,

    async ask(question, signal, onEvent, after) {
      let ended = false;
      const feed = sseReader((name, data, id) => {
        if (ended) return;
        const detail = JSON.parse(data);
        if (name === "error") throw chatError("internal", detail);
        ended = name === "done";
        onEvent([name, detail] as AnswerEvent, id);
      });
      const ask = () =>
        request(
          "messages",
          { ...withBody(question), signal },
          { ...headers(), ...(after && { "last-event-id": after }) },
        );
      try {
        const response = await ask().catch(async (error) => {
          if (!error.challenge) throw error;
          await solve(error.challenge);
          return ask();
        });
        const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
        while (!ended) {
          const timer = setTimeout(() => reader.cancel(), SILENCE_MS);
          const { done, value } = await reader.read();
          clearTimeout(timer);
          if (done) throw chatError("network");
          feed(value);
        }
      } catch (error) {
        fail(error as ChatError);
      }
    },
  };
}

/** Whatever fetch and its streams throw, in our words. */
function fail(error: Partial<ChatError>): never {
  throw error.code
    ? error
    : chatError(error.name === "SyntaxError" ? "internal" : navigator.onLine === false ? "offline" : "network");
}
