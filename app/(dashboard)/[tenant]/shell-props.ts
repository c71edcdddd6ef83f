import type { Workspace } from "@/lib/tenancy/schema";

type ShellAgent = { id: string; name: string; accentColor: string };

/** What the frame of the dashboard shows. */
export type ShellProps = {
  tenant: Workspace;
  workspaces: Workspace[];
  email: string;
  /** The member is an admin of the platform too, whose pages are none of a workspace. */
  runsPlatform: boolean;
  agents: ShellAgent[];
};
