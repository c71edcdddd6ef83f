import { z } from "zod";
import type { Tables, TablesInsert } from "@/lib/db/types.gen";
import type { Catalog } from "@/lib/llm";
import { ModelFacts, ModelName } from "./schema";

type Row = Omit<Tables<"models">, "updated_at" | "updated_by">;

/** A row of `public.models` as the product speaks of it. @throws ZodError when it is none */
export function modelFromRow(row: Partial<Row>): ModelName & ModelFacts {
  const { long_prompt_tokens: aboveTokens } = row;
  const facts = ModelFacts.parse({
    kind: row.kind,
    position: row.position,
    enabled: row.enabled,
    contextTokens: row.context_tokens,
    inputMicroUsd: row.input_micro_usd,
    note: row.note ?? "",
    tier: row.tier,
    maxOutputTokens: row.max_output_tokens,
    cachedInputMicroUsd: row.cached_input_micro_usd,
    outputMicroUsd: row.output_micro_usd,
    longPrompt:
      typeof aboveTokens === "number"
        ? {
            aboveTokens,
            inputMicroUsd: row.long_input_micro_usd,
            cachedInputMicroUsd: row.long_cached_input_micro_usd,
            outputMicroUsd: row.long_output_micro_usd,
          }
        : null,
    reasoning: row.reasoning,
    dimensions: row.dimensions,
    requestDimensions: row.request_dimensions,
    maxBatchTexts: row.max_batch_texts,
    maxBatchTokens: row.max_batch_tokens,
  });
  return { ...ModelName.parse(row), ...facts };
}

type Columns = Omit<TablesInsert<"models">, "provider" | "model" | "kind">;

/** All that may be changed; what a model of this kind has not is null. */
export function rowOfFacts(facts: ModelFacts): Columns {
  const isChat = facts.kind === "chat";
  const long = isChat ? facts.longPrompt : null;
  return {
    position: facts.position,
    enabled: facts.enabled,
    context_tokens: facts.contextTokens,
    input_micro_usd: facts.inputMicroUsd,
    note: facts.note,
    tier: isChat ? facts.tier : null,
    max_output_tokens: isChat ? facts.maxOutputTokens : null,
    cached_input_micro_usd: isChat ? facts.cachedInputMicroUsd : 0,
    output_micro_usd: isChat ? facts.outputMicroUsd : 0,
    long_prompt_tokens: long?.aboveTokens ?? null,
    long_input_micro_usd: long?.inputMicroUsd ?? null,
    long_cached_input_micro_usd: long?.cachedInputMicroUsd ?? null,
    long_output_micro_usd: long?.outputMicroUsd ?? null,
    reasoning: isChat ? facts.reasoning : null,
    max_batch_texts: facts.kind === "embedding" ? facts.maxBatchTexts : null,
    max_batch_tokens: facts.kind === "embedding" ? facts.maxBatchTokens : null,
  };
}

/**
 * What `service.list_models` gave, as the gateway reads it.
 * @param onBad gets the name of each row that is none of ours: the others count all the same
 * @throws ZodError when it is no list at all
 */
export function catalogFromRows(rows: unknown, onBad: (name: string) => void): Catalog {
  const catalog = { chat: [], embedding: [], rerank: [] } as { [K in keyof Catalog]: Catalog[K][number][] };
  for (const row of z.array(z.record(z.string(), z.unknown())).parse(rows)) {
    const { success, data: found } = parsed(row);
    if (!success) {
      onBad(`${row.provider}/${row.model}`);
      continue;
    }
    const { provider, model, inputMicroUsd: inputPrice } = found;
    const entry = { provider, model, inputPrice, ...(!found.enabled && { disabled: true as const }) };
    if (found.kind === "rerank") catalog.rerank.push(entry);
    else if (found.kind === "embedding")
      catalog.embedding.push({
        ...entry,
        dimensions: found.dimensions,
        ...(found.requestDimensions && { requestDimensions: true as const }),
        maxTextTokens: found.contextTokens,
        maxBatchTexts: found.maxBatchTexts,
        maxBatchTokens: found.maxBatchTokens,
      });
    else
      catalog.chat.push({
        ...entry,
        ...(found.tier && { tier: found.tier }),
        contextTokens: found.contextTokens,
        ...(found.maxOutputTokens !== null && { maxOutputTokens: found.maxOutputTokens }),
        cachedInputPrice: found.cachedInputMicroUsd,
        outputPrice: found.outputMicroUsd,
        ...(found.longPrompt && {
          longPrompt: {
            aboveTokens: found.longPrompt.aboveTokens,
            inputPrice: found.longPrompt.inputMicroUsd,
            cachedInputPrice: found.longPrompt.cachedInputMicroUsd,
            outputPrice: found.longPrompt.outputMicroUsd,
          },
        }),
        ...(found.reasoning && { reasoning: found.reasoning }),
      });
  }
  return catalog;
}

function parsed(row: Partial<Row>) {
  try {
    return { success: true as const, data: modelFromRow(row) };
  } catch (error) {
    if (error instanceof z.ZodError) return { success: false as const };
    throw error;
  }
}
