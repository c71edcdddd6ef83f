export { createGateway } from "./gateway";
export { renderFallback } from "./sources";
export type {
  CallRecord,
  CallStep,
  ChatEvent,
  ChatMessage,
  Gateway,
  GatewayEnv,
  Passage,
} from "./types";
