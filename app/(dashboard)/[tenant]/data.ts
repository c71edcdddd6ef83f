import "server-only";
import { notFound } from "next/navigation";
import { cache } from "react";
import { requireMember } from "@/app/_server/session";
import { supabase } from "@/app/_server/supabase";
import { type AgentSummary, getAgent, getPage, getSource, listAgents, listSources } from "@/lib/agents";
import type { Agent, PageContent, Source } from "@/lib/agents/schema";
import { AppError } from "@/lib/core/errors";

/** Reads that layouts and pages share: once a request, whoever asks first. */
export const agentsOf = cache(
  async (tenantId: string): Promise<AgentSummary[]> => listAgents(await supabase(), { tenantId }),
);

export const sourcesOf = cache(
  async (tenantId: string, agentId: string): Promise<Source[]> => listSources(await supabase(), { tenantId, agentId }),
);

const agentOf = cache(
  async (tenantId: string, agentId: string): Promise<Agent> =>
    getAgent(await supabase(), { tenantId, agentId }).catch(missingIsNotFound),
);

const sourceOf = cache(
  async (tenantId: string, agentId: string, sourceId: string): Promise<Source> =>
    getSource(await supabase(), { tenantId, agentId, sourceId }).catch(missingIsNotFound),
);

const pageOf = cache(
  async (tenantId: string, sourceId: string, pageId: string): Promise<PageContent> =>
    getPage(await supabase(), { tenantId, sourceId, pageId }).catch(missingIsNotFound),
);

/** The member and the agent behind `/[tenant]/agents/[agentId]/…`. */
export async function requireAgent(params: Promise<{ tenant: string; agentId: string }>) {
  const { tenant, agentId } = await params;
  const member = await requireMember(tenant);
  return { member, tenant, agent: await agentOf(member.tenantId, agentId) };
}

export async function requireSource(params: Promise<{ tenant: string; agentId: string; sourceId: string }>) {
  const { tenant, agentId, sourceId } = await params;
  const member = await requireMember(tenant);
  const [agent, source] = await Promise.all([
    agentOf(member.tenantId, agentId),
    sourceOf(member.tenantId, agentId, sourceId),
  ]);
  return { member, tenant, agent, source };
}

export async function requirePage(
  params: Promise<{ tenant: string; agentId: string; sourceId: string; pageId: string }>,
) {
  const found = await requireSource(params);
  const page = await pageOf(found.member.tenantId, found.source.id, (await params).pageId);
  return { ...found, page };
}

/** For `catch`: what is not there is a page that is not there. */
export function missingIsNotFound(error: unknown): never {
  if (error instanceof AppError && error.code === "not_found") notFound();
  throw error;
}
