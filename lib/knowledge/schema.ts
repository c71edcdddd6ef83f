import { z } from "zod";

/** What a passage mostly is; decides how large it may become. */
export const ChunkKind = z.enum(["docs", "code", "legal", "qa", "table", "text"]);
export type ChunkKind = z.infer<typeof ChunkKind>;

/** One searchable passage of a page. */
export const Chunk = z.object({
  /** 0-based place in the page. */
  position: z.number().int().nonnegative(),
  kind: ChunkKind,
  /** Headings above the passage, outermost first. The passage does not repeat them. */
  headingPath: z.array(z.string()),
  /** Id of the nearest heading, when the page names one. */
  anchor: z.string().nullable(),
  /** Markdown. */
  content: z.string().min(1),
  /** Estimated, see core/text/tokens.ts. */
  tokenCount: z.number().int().positive(),
  /** SHA-256 in hex over heading path and content: the same hash needs no new embedding. */
  contentHash: z.string().length(64),
});
export type Chunk = z.infer<typeof Chunk>;

/** Where a question is searched for. Null: everywhere. Pages whose language nobody knows fit every one. */
export const SearchFilters = z.object({
  sourceIds: z.array(z.uuid()).min(1).max(100, "Choose at most 100 sources.").nullable(),
  /** Without a country: `en`, not `en-GB`. */
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/, "Choose a language from the list."))
    .min(1)
    .max(30, "Choose at most 30 languages.")
    .nullable(),
});
export type SearchFilters = z.infer<typeof SearchFilters>;

/** Vectors of one agent, made by one model. */
export interface EmbeddingIndex {
  id: string;
  /** provider/model */
  model: string;
  /** null until the first vector. */
  dimensions: number | null;
  state: "building" | "live" | "retired";
  /** Passages that have a vector, and all, while it is built. */
  done: number;
  total: number;
  costMicroUsd: number;
  errorMessage: string | null;
}

export interface Indexes {
  /** null while the agent knows nothing. */
  live: EmbeddingIndex | null;
  building: EmbeddingIndex | null;
  /** The newest, when it came to nothing for a reason. */
  failed: EmbeddingIndex | null;
}

/**
 * Why a passage that was found is not given to the model: `places` are all taken · its `page` has enough of them · too `weak` beside the
 * best · the `length` that is left does not hold it · another was `written` for the very question.
 */
export type CutReason = "places" | "page" | "weak" | "length" | "written";
