export { countConversations } from "./conversations";
export { createAgent } from "./create";
export { deleteAgent } from "./delete";
export { getAgent } from "./get";
export { type AgentSummary, listAgents } from "./list";
export { getPage, listPassages } from "./page-content";
export { listPages, type PageList } from "./pages";
export { getRun, getSource, listSources } from "./sources";
export { updateAgent } from "./update";
