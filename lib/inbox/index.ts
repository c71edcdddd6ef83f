export { deleteConversation } from "./delete-conversation";
export { exportConversations } from "./export-conversations";
export { getConversation } from "./get-conversation";
export { conversationFacets, listConversations } from "./list-conversations";
export { resolution } from "./resolution";
export { addTag, removeTag } from "./tags";
