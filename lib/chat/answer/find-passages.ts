import { type Retrieved, retrieve } from "@/lib/knowledge";
import type { SearchFilters } from "@/lib/knowledge/schema";
import type { CallMeta, ChatModelInfo } from "@/lib/llm";
import type { OpenTurn } from "../begin-turn";
import type { ChatDeps } from "../deps";
import { joinFound, otherLanguage, splitQuestions, translateByModel, type Understood } from "../understand";
import { withinStep } from "./budget";

/**
 * The passages that may answer. Where nothing is found that the agent is sure of, and its pages are in another language, the question is searched
 * for once more in that; the surer of the two is taken.
 * @throws AppError timeout
 */
export async function findPassages(
  deps: ChatDeps,
  { tenantId, agentId, agent }: OpenTurn,
  { text, questions, language }: Understood,
  {
    model,
    filters,
    signal,
    meta,
  }: { model: ChatModelInfo; filters: SearchFilters | null; signal: AbortSignal; meta: Omit<CallMeta, "step"> },
): Promise<Retrieved> {
  const asker = { ...meta, tenantId, agentId, embeddingModel: agent.embeddingModel, filters, signal };
  const search = async (questions: string[], language: string): Promise<Retrieved> =>
    joinFound(
      await withinStep(
        deps.budget.stepMs,
        Promise.all(questions.map((question) => retrieve(deps, { ...asker, language, question }))),
      ),
    );
  const found = await search(questions, language);
  if (found.confidence >= agent.settings.confidenceThreshold || model.isLocal) return found;
  const other = otherLanguage(language, found.chunks, agent.language);
  const translated =
    other && (await translateByModel(deps.gateway, { question: text, model, signal, meta, language: other }));
  const again = translated && (await search(splitQuestions(translated, other), other));
  return again && again.confidence > found.confidence ? again : found;
}
