export { BUILT_IN_CATALOG, type Catalog } from "./catalog";
export { createGateway } from "./gateway";
export { RERANK_TEXT_CHARACTERS } from "./rerank";
export { modelKey } from "./select";
export { renderFallback, renderQuestion } from "./sources";
export type {
  CallMeta,
  CallRecord,
  CallStep,
  ChatEvent,
  ChatMessage,
  ChatModelInfo,
  Gateway,
  GatewayEnv,
  ModelRef,
  Passage,
} from "./types";
