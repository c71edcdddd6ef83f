import type { AgentConfig, AnswerEvent, Question, StoredMessage, WireErrorBody } from "./protocol";
import { sseReader } from "./sse";

/** Without a byte for this long the connection counts as cut. Servers send comments in between while a model thinks. */
const SILENCE_MS = 60_000;

/**
 * A request that failed. `code` is the server's, or `offline` (the browser knows no network), `network` (not reached,
 * or cut in the middle), `internal` (an answer that is not of the protocol). The server's messages may be shown.
 */
export interface ChatError extends Error {
  code: string;
  /** Epoch milliseconds before which the same request would be refused. */
  retryAt: number;
}

export const chatError = (code: string, retryAfterMs = 0, message = code): ChatError =>
  Object.assign(new Error(message), { code, retryAt: Date.now() + retryAfterMs });

export interface Api {
  config(): Promise<AgentConfig>;
  /** The messages of a conversation of this visitor, oldest first; none when the server does not know it (any more). */
  history(conversationId: string): Promise<StoredMessage[]>;
  /**
   * Sends a message and reports its answer as it comes. Resolves after `done`.
   * @throws ChatError also for an `error` event and for a stream that ends before either
   */
  ask(question: Question, signal: AbortSignal, onEvent: (event: AnswerEvent) => void): Promise<void>;
}

/** @param visitor the visitor's key, read for every request; empty while nothing was sent */
export function createApi(origin: string, agentId: string, visitor: () => string): Api {
  const request = async (path: string, init?: RequestInit): Promise<Response> => {
    const response = await fetch(`${origin}/api/widget/v1/agents/${agentId}/${path}`, { credentials: "omit", ...init });
    if (response.ok) return response;
    // Not every refusal comes from our server: there may be a proxy in between.
    const { error }: { error?: WireErrorBody } = await response.json().catch(() => ({}));
    const byStatus = response.status > 501 ? "upstream_busy" : "internal";
    throw chatError(error?.code ?? byStatus, error?.retryAfterMs, error?.message);
  };
  const identity = () => ({ "x-alonchat-visitor": visitor() });

  return {
    config: () =>
      request("config")
        .then((response) => response.json())
        .catch(fail),

    history: (conversationId) =>
      request(`conversations/${conversationId}`, { headers: identity() })
        .then(async (response) => (await response.json()).messages)
        .catch((error) => (error.code === "not_found" ? [] : fail(error))),

    async ask(question, signal, onEvent) {
      let ended = false;
      const feed = sseReader((name, data) => {
        if (ended) return;
        const detail = JSON.parse(data);
        if (name === "error") throw chatError(detail.code, detail.retryAfterMs, detail.message);
        ended = name === "done";
        onEvent([name, detail] as AnswerEvent);
      });
      try {
        const response = await request("messages", {
          method: "POST",
          headers: { "content-type": "application/json", ...identity() },
          body: JSON.stringify(question),
          signal,
        });
        const reader = response.body!.getReader();
        const decoder = new TextDecoder();
        while (!ended) {
          const timer = setTimeout(() => reader.cancel(), SILENCE_MS);
          const { done, value } = await reader.read();
          clearTimeout(timer);
          if (done) throw chatError("network");
          feed(decoder.decode(value, { stream: true }));
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
