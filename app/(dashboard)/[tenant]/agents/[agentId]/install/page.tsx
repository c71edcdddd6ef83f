import { pinnedWidget } from "@/app/_server/pinned-widget";
import { PageHeader } from "@/components/page-header";
import { Snippet } from "@/components/snippet";
import { env } from "@/lib/core/env";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../data";
import { DomainsEditor } from "./domains-editor.client";

export const metadata = { title: "Install" };

export default async function InstallPage({ params }: PageProps<"/[tenant]/agents/[agentId]/install">) {
  const [{ member, tenant, agent }, pinned] = await Promise.all([requireAgent(params), pinnedWidget()]);
  return (
    <div className="page grid gap-8 py-6 *:max-w-[812px]">
      <PageHeader title="Install">One line on your pages, and the domains that may use it.</PageHeader>
      <section aria-labelledby="snippet" className="grid gap-3">
        <h2 id="snippet" className="font-semibold">
          Snippet
        </h2>
        <p className="max-w-[68ch] text-ink-muted">
          Paste it before <code className="font-mono text-xs">{"</body>"}</code> on every page that shall have the chat.
          It loads after your page, under 1 KB, and sets no cookie.
        </p>
        <Snippet appUrl={env().APP_URL} publicId={agent.publicId} color={agent.accentColor} />
        {pinned && (
          <details className="max-w-[812px]">
            <summary className="cursor-pointer text-ink-muted">Pin this version</summary>
            <div className="grid gap-3 pt-3">
              <p className="max-w-[68ch] text-ink-muted">
                With this snippet browsers run exactly today’s chat and refuse any other file in its place. It does not
                change when a new version comes, so you take fixes by replacing it.
              </p>
              <Snippet appUrl={env().APP_URL} publicId={agent.publicId} color={agent.accentColor} pinned={pinned} />
            </div>
          </details>
        )}
      </section>
      <section aria-labelledby="domains" className="grid gap-3">
        <h2 id="domains" className="font-semibold">
          Allowed domains
        </h2>
        <p className="max-w-[68ch] text-ink-muted">
          The chat answers on these domains only; elsewhere the browser’s console says why it does not.{" "}
          <code className="font-mono text-xs">*.example.com</code> means all subdomains, and not{" "}
          <code className="font-mono text-xs">example.com</code> itself.
        </p>
        <DomainsEditor
          tenant={tenant}
          agentId={agent.id}
          initial={agent.allowedDomains}
          mayEdit={roleAtLeast(member.role, "admin")}
        />
      </section>
    </div>
  );
}
