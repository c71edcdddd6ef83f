export { openAvatar, removeAvatar, saveAvatar } from "./avatar";
export { identifyVisitor, type Visitor } from "./identify-visitor";
export { createIdentityKey, listIdentityKeys, revokeIdentityKey } from "./identity-keys";
export { checkInstall, type InstallCheckDeps } from "./install/check-install";
export { recordSighting } from "./record-sighting";
export { getWidgetSettings, listSightings, type Sighting, tokensToday, updateWidgetSettings } from "./settings";
export { eraseVisitor, keepProfile, listVisitorConversations } from "./visitor";
export { frameAncestors, getWidgetPage, type WidgetPage } from "./widget-page";
