export { createGateway } from "./gateway";
export { renderFallback, renderQuestion } from "./sources";
export type {
  CallMeta,
  CallRecord,
  CallStep,
  ChatEvent,
  ChatMessage,
  Gateway,
  GatewayEnv,
  Passage,
} from "./types";
