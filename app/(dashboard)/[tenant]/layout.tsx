import { cookies } from "next/headers";
import { isPlatformAdmin, requireMember } from "@/app/_server/session";
import { env } from "@/lib/core/env";
import { agentsOf } from "./data";
import { LiveProvider } from "./live.client";
import { Shell } from "./shell.client";

export default async function TenantLayout({ params, children }: LayoutProps<"/[tenant]">) {
  const { tenant, tenantId, user, workspaces } = await requireMember((await params).tenant);
  const [agents, runsPlatform, jar] = await Promise.all([agentsOf(tenantId), isPlatformAdmin(), cookies()]);
  const { SUPABASE_PUBLISHABLE_KEY, SUPABASE_URL } = env();
  return (
    <LiveProvider tenantId={tenantId} supabaseUrl={SUPABASE_URL} publishableKey={SUPABASE_PUBLISHABLE_KEY}>
      <Shell
        tenant={tenant}
        workspaces={workspaces}
        email={user.email}
        runsPlatform={runsPlatform}
        agents={agents.map(({ id, name, accentColor }) => ({ id, name, accentColor }))}
        collapsed={jar.get("sidebar")?.value === "collapsed"}
      >
        {children}
      </Shell>
    </LiveProvider>
  );
}
