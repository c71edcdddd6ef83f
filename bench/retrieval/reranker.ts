import { rerankText } from "@/lib/knowledge";
import { type GatewayEnv, RERANK_TEXT_CHARACTERS } from "@/lib/llm";
import { startFakeModelServer } from "@/lib/testing/fake-model-server";
import type { Dataset } from "./dataset";
import type { IndexedPassage } from "./scratch";

/** Stand-ins for a model: `oracle` knows the judgements, `lexical` counts the question's words in a passage. */
const STAND_INS = ["oracle", "lexical"] as const;
export type StandIn = (typeof STAND_INS)[number];

export const isStandIn = (name: string): name is StandIn => (STAND_INS as readonly string[]).includes(name);

export interface Reranker {
  /** What the product's environment says to use it. */
  env: Partial<GatewayEnv>;
  /** Before each question: whoever answers from the judgements must know which one is asked, however it is spelled by then. */
  asks(queryId: string): void;
  stop(): Promise<void>;
}

/** A server with `/rerank` that answers after a fixed time; the product reaches it over HTTP as it does a real one. */
export async function startReranker(
  kind: StandIn,
  { dataset, passages, answerMs }: { dataset: Dataset; passages: readonly IndexedPassage[]; answerMs: number },
): Promise<Reranker> {
  let asked = "";
  const documentsOf = byText(passages);
  const grade = (text: string): number => {
    const judged = dataset.judgements.get(asked);
    return Math.max(0, ...(documentsOf.get(text) ?? []).map((documentId) => judged?.get(documentId) ?? 0));
  };
  const server = await startFakeModelServer({
    firstTokenMs: answerMs,
    keepRequests: 0,
    ...(kind === "oracle" && { relevance: (_query, text) => grade(text) }),
  });
  return {
    env: { RERANK_MODEL: kind, RERANK_BASE_URL: server.baseUrl },
    asks(queryId) {
      asked = queryId;
    },
    stop: () => server.close(),
  };
}

/** Several documents may say the same: their passages are one text to a reranker. */
function byText(passages: readonly IndexedPassage[]): Map<string, string[]> {
  const documents = new Map<string, string[]>();
  for (const passage of passages) {
    const text = rerankText(passage).slice(0, RERANK_TEXT_CHARACTERS);
    documents.set(text, [...(documents.get(text) ?? []), passage.documentId]);
  }
  return documents;
}
