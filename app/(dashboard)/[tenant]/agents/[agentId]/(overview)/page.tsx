import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Snippet } from "@/components/snippet";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { number } from "@/components/ui/number";
import { countConversations } from "@/lib/agents";
import { isBeingRead } from "@/lib/agents/schema";
import { env } from "@/lib/core/env";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent, sourcesOf } from "../../../data";
import { LiveRefresh } from "../../../live.client";
import { CrawlProgress } from "../crawl-progress.client";
import { TryIt } from "../try-it.client";

/** The way from a website to a working chat: read it, try it, put it on the site. Afterwards, how it stands. */
export default async function AgentPage({ params }: PageProps<"/[tenant]/agents/[agentId]">) {
  const { member, tenant, agent } = await requireAgent(params);
  const [sources, conversations] = await Promise.all([
    sourcesOf(member.tenantId, agent.id),
    countConversations(member.db, { tenantId: member.tenantId, agentId: agent.id }),
  ]);
  const base = `/${tenant}/agents/${agent.id}`;
  const mayEdit = roleAtLeast(member.role, "admin");
  const { APP_URL, ENABLE_PLAYGROUND } = env();
  const pages = sources.reduce((sum, { livePages }) => sum + livePages, 0);
  const read = pages > 0 && !sources.some(isBeingRead);
  const tried = conversations.playground > 0;
  const installed = conversations.widget > 0;

  return (
    <div className="page py-6">
      <h1 className="sr-only">Overview</h1>
      {pages === 0 && <LiveRefresh active={sources.some(isBeingRead)} />}
      <ol className="grid max-w-[860px]">
        <Step number={1} title="Read your website" done={read}>
          {sources.length === 0 ? (
            <Empty
              title="No source yet"
              className="py-8"
              action={
                mayEdit && (
                  <Button asChild variant="primary">
                    <Link href={`${base}/sources?add=1`}>Add source</Link>
                  </Button>
                )
              }
            >
              An agent answers only from what it has read. Add the address of a website.
            </Empty>
          ) : (
            <div className="grid gap-3">
              {sources.slice(0, 3).map((source) => (
                <CrawlProgress
                  key={source.id}
                  tenant={tenant}
                  source={source}
                  mayEdit={mayEdit}
                  href={`${base}/sources/${source.id}`}
                />
              ))}
              {sources.length > 3 && (
                <Link href={`${base}/sources`} className="justify-self-start text-sm text-link">
                  All {number(sources.length)} sources
                </Link>
              )}
            </div>
          )}
        </Step>
        {ENABLE_PLAYGROUND && (
          <Step number={2} title="Try it" done={tried}>
            <p className="mb-3 max-w-[68ch] text-ink-muted">
              Ask what a visitor would ask. You see the answer, its sources, and which passages it was made from.
            </p>
            <TryIt
              href={`${base}/playground`}
              suggestions={agent.published.settings.suggestedQuestions}
              ready={pages > 0}
            />
          </Step>
        )}
        <Step number={ENABLE_PLAYGROUND ? 3 : 2} title="Put it on your website" done={installed} last>
          <p className="mb-3 max-w-[68ch] text-ink-muted">
            Paste this before <code className="font-mono text-xs">{"</body>"}</code> on every page.{" "}
            {agent.allowedDomains.length > 0 ? (
              <>
                It works on <bdi className="font-medium text-ink">{agent.allowedDomains.slice(0, 3).join(", ")}</bdi>
                {agent.allowedDomains.length > 3 && ` and ${agent.allowedDomains.length - 3} more`}.
              </>
            ) : (
              "No domain may use it yet."
            )}{" "}
            <Link href={`${base}/install`} className="text-link">
              Change domains
            </Link>
          </p>
          <Snippet appUrl={APP_URL} publicId={agent.publicId} color={agent.accentColor} />
          {installed && (
            <p className="mt-3 text-xs text-ink-subtle">
              {number(conversations.widget)} conversations with visitors so far.
            </p>
          )}
        </Step>
      </ol>
    </div>
  );
}

function Step({
  number: step,
  title,
  done,
  last,
  children,
}: {
  number: number;
  title: string;
  done: boolean;
  last?: boolean;
  children: ReactNode;
}) {
  return (
    <li className="grid grid-cols-[24px_minmax(0,1fr)] gap-x-3.5">
      <div className="grid grid-rows-[24px_1fr] justify-items-center gap-1.5">
        <span
          className={cn(
            "flex size-6 items-center justify-center rounded-full text-xs font-semibold tabular-nums",
            done ? "bg-accent text-on-accent" : "border border-line-strong text-ink-muted",
          )}
        >
          {done ? <Check className="size-3.5" aria-label="Done" /> : step}
        </span>
        {!last && <span className="w-px bg-line" />}
      </div>
      <section aria-label={title} className={cn("min-w-0", !last && "pb-8")}>
        <h2 className="mb-3 text-base leading-6 font-semibold">{title}</h2>
        {children}
      </section>
    </li>
  );
}
