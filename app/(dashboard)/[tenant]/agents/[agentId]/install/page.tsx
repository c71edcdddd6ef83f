import type { ReactNode } from "react";
import { pinnedWidget } from "@/app/_server/pinned-widget";
import { PageHeader } from "@/components/page-header";
import { Snippet } from "@/components/snippet";
import { env } from "@/lib/core/env";
import { getWidgetSettings, listSightings } from "@/lib/embed";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent, sourcesOf } from "../../../data";
import { DomainsEditor } from "./domains-editor.client";
import { InstallCheck } from "./install-check.client";
import { Platforms } from "./platforms";
import { ShareSection } from "./share-section.client";
import { Sightings } from "./sightings";

export const metadata = { title: "Install" };

export default async function InstallPage({ params }: PageProps<"/[tenant]/agents/[agentId]/install">) {
  const [{ member, tenant, agent }, pinned] = await Promise.all([requireAgent(params), pinnedWidget()]);
  const ref = { tenantId: member.tenantId, agentId: agent.id };
  const [settings, sightings, sources] = await Promise.all([
    getWidgetSettings(member.db, ref),
    listSightings(member.db, ref),
    sourcesOf(member.tenantId, agent.id),
  ]);
  const mayEdit = roleAtLeast(member.role, "admin");
  const { APP_URL } = env();
  const website = sources.find(({ kind }) => kind === "website")?.url;
  return (
    <div className="page grid gap-8 py-6 *:max-w-[812px]">
      <PageHeader title="Install">One line on your pages, and the domains that may use it.</PageHeader>
      <Section
        id="snippet"
        title="Snippet"
        lead={
          <>
            Paste it before <code className="font-mono text-xs">{"</body>"}</code> on every page that shall have the
            chat. It loads after your page, under 1 KB, and sets no cookie.
          </>
        }
      >
        <Snippet appUrl={APP_URL} publicId={agent.publicId} color={agent.accentColor} />
        {pinned && (
          <details>
            <summary className="cursor-pointer text-ink-muted">Pin this version</summary>
            <div className="grid gap-3 pt-3 *:min-w-0">
              <p className="max-w-[68ch] text-ink-muted">
                With this snippet browsers run exactly today’s chat and refuse any other file in its place. It does not
                change when a new version comes, so you take fixes by replacing it.
              </p>
              <Snippet appUrl={APP_URL} publicId={agent.publicId} color={agent.accentColor} pinned={pinned} />
            </div>
          </details>
        )}
        <Platforms appUrl={APP_URL} publicId={agent.publicId} color={agent.accentColor} />
      </Section>
      <Section
        id="domains"
        title="Allowed domains"
        lead={
          <>
            The chat answers on these domains only; elsewhere the browser’s console says why it does not.{" "}
            <code className="font-mono text-xs">*.example.com</code> means all subdomains, and not{" "}
            <code className="font-mono text-xs">example.com</code> itself.
          </>
        }
      >
        <DomainsEditor tenant={tenant} agentId={agent.id} initial={agent.allowedDomains} mayEdit={mayEdit} />
      </Section>
      {roleAtLeast(member.role, "operator") && (
        <Section
          id="check"
          title="Check a page"
          lead="Reads a page as browsers are sent it, and says what keeps the chat from working there: snippet, domain, HTTPS, Content Security Policy."
        >
          <InstallCheck tenant={tenant} agentId={agent.id} initial={website ?? ""} />
        </Section>
      )}
      <Section id="seen" title="Seen on" lead="Domains whose pages loaded the chat in the last 90 days.">
        <Sightings sightings={sightings} />
      </Section>
      <Section id="share" title="Share and frame" lead="The chat without a page of yours around it.">
        <ShareSection
          tenant={tenant}
          agentId={agent.id}
          publicId={agent.publicId}
          name={agent.name}
          appUrl={APP_URL}
          settings={settings}
          mayEdit={mayEdit}
        />
      </Section>
    </div>
  );
}

const Section = ({
  id,
  title,
  lead,
  children,
}: {
  id: string;
  title: string;
  lead: ReactNode;
  children: ReactNode;
}) => (
  <section aria-labelledby={id} className="grid gap-3 *:min-w-0">
    <h2 id={id} className="font-semibold">
      {title}
    </h2>
    <p className="max-w-[68ch] text-ink-muted">{lead}</p>
    {children}
  </section>
);
