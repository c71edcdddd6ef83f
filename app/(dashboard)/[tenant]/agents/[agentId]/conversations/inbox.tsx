import { ChartNoAxesColumn } from "lucide-react";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { Pagination } from "@/components/pagination";
import { SearchBox } from "@/components/search-box";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { AppError } from "@/lib/core/errors";
import { getHandover, getVisitorParts, listQueue } from "@/lib/engagement";
import { conversationFacets, getConversation, listConversations } from "@/lib/inbox";
import { CONVERSATIONS_SIZE, ConversationQuery } from "@/lib/inbox/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../data";
import { LiveInbox } from "../../../live.client";
import { ConversationList } from "./conversation-list";
import { ExportMenu } from "./export-menu.client";
import { Filters } from "./filters.client";
import { filterString } from "./href";
import { Queue } from "./queue";
import { TranscriptView } from "./transcript-view";

/** The agent's conversations beside the one that is open; on small screens one or the other. */
export async function Inbox({
  params,
  searchParams,
  conversationId,
}: {
  params: Promise<{ tenant: string; agentId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
  conversationId: string | null;
}) {
  const { member, tenant, agent } = await requireAgent(params);
  const raw = await searchParams;
  const query = ConversationQuery.parse(
    Object.fromEntries(Object.keys(ConversationQuery.shape).map((key) => [key, raw[key]])),
  );
  const ref = { tenantId: member.tenantId, agentId: agent.id };
  const open = conversationId && z.uuid().safeParse(conversationId).success ? { ...ref, conversationId } : null;
  const [list, facets, queue, transcript, handover, parts] = await Promise.all([
    listConversations(member.db, ref, query),
    conversationFacets(member.db, ref),
    listQueue(member.db, ref),
    open && getConversation(member.db, open).catch(missingIsNull),
    open && getHandover(member.db, open),
    open && getVisitorParts(member.db, open),
  ]);
  if (conversationId && !transcript) notFound();
  const base = `/${tenant}/agents/${agent.id}/conversations`;
  const filters = filterString(query);
  const isFiltered = filterString({ ...query, page: 1 }) !== "";

  return (
    <div className="grid w-full lg:h-[calc(100dvh-83px)] lg:grid-cols-[minmax(340px,400px)_minmax(0,1fr)]">
      <LiveInbox agentId={agent.id} />
      <section
        aria-label="Conversations"
        className={cn("flex min-h-0 min-w-0 flex-col border-line lg:border-r", transcript && "max-lg:hidden")}
      >
        <div className="grid gap-2.5 border-b border-line px-4 py-3 sm:px-6 lg:px-4">
          <div className="flex items-center justify-between gap-2">
            <h1 className="text-base font-semibold">Conversations</h1>
            <div className="flex items-center gap-1">
              <Button asChild variant="ghost" size="sm">
                <Link href={`${base}/outcomes`}>
                  <ChartNoAxesColumn />
                  How they ended
                </Link>
              </Button>
              {roleAtLeast(member.role, "operator") && list.total > 0 && (
                <ExportMenu tenant={tenant} agentId={agent.id} filters={filters} total={list.total} />
              )}
            </div>
          </div>
          <SearchBox label="Search conversations" placeholder="Search what was said" />
          <Filters query={query} facets={facets} />
        </div>
        {queue.length > 0 && (
          <Queue base={base} filters={filters} rows={queue} openId={conversationId} userId={member.user.id} />
        )}
        {list.rows.length === 0 ? (
          <div className="p-4">
            <Empty title={isFiltered ? "No conversation fits" : "No conversations yet"} className="py-10">
              {isFiltered
                ? "Search for other words, or clear some of the filters."
                : "They appear here as soon as a visitor asks something, with every answer, its sources and its rating."}
            </Empty>
          </div>
        ) : (
          <>
            <ConversationList base={base} filters={filters} rows={list.rows} openId={conversationId} />
            <div className="border-t border-line px-4 py-2">
              <Pagination
                label="Pages of the list"
                page={query.page}
                size={CONVERSATIONS_SIZE}
                total={list.total}
                href={(page) => `${base}${filterString({ ...query, page })}`}
              />
            </div>
          </>
        )}
      </section>
      {transcript ? (
        <TranscriptView
          tenant={tenant}
          agentId={agent.id}
          member={member}
          back={`${base}${filters}`}
          transcript={transcript}
          handover={handover}
          parts={parts ?? { about: null, survey: null, attachments: [] }}
        />
      ) : (
        <div className="hidden place-items-center p-8 text-center text-sm text-ink-muted lg:grid">
          <p>
            Choose a conversation to read it.
            <br />
            <span className="text-xs text-ink-subtle">J and K move through the list, Enter opens.</span>
          </p>
        </div>
      )}
    </div>
  );
}

function missingIsNull(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
