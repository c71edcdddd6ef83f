export { openAvatar, removeAvatar, saveAvatar } from "./avatar";
export { identifyVisitor, type Visitor } from "./identify-visitor";
export { createIdentityKey, listIdentityKeys, revokeIdentityKey } from "./identity-keys";
export { recordSighting } from "./record-sighting";
export { getWidgetSettings, updateWidgetSettings } from "./settings";
export { eraseVisitor, listVisitorConversations } from "./visitor";
