export { listWorkspaces } from "./list-workspaces";
export { Role, roleAtLeast, type Workspace } from "./schema";
