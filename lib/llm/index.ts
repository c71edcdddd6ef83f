export { createGateway } from "./gateway";
export { renderFallback } from "./sources";
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
