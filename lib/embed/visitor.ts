import { z } from "zod";
import { agentUnavailable } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { call } from "@/lib/db/pool";
import type { EmbedDeps } from "./deps";
import type { Visitor } from "./identify-visitor";

const Conversations = z.array(
  z.object({ id: z.uuid(), title: z.string(), lastMessageAt: z.string(), preview: z.string() }),
);

/** A visitor's conversations with an agent, newest first, at most 50. */
export const listVisitorConversations = async (
  deps: Pick<EmbedDeps, "db">,
  publicId: string,
  visitor: Visitor,
): Promise<z.infer<typeof Conversations>> =>
  Conversations.parse(
    await call(deps.db, "list_visitor_conversations", { public_id: publicId, visitor_hash: visitor.hash }),
  );

/**
 * Erases what an agent keeps of a visitor: of the browser's key, and of the user when there is one. Twice is once.
 * @throws AppError agent_unavailable
 */
export async function eraseVisitor(deps: Pick<EmbedDeps, "db">, publicId: string, visitor: Visitor): Promise<void> {
  const hashes = [...new Set([visitor.hash, visitor.keyHash].filter((hash) => hash !== null))];
  const known = await call<boolean>(deps.db, "erase_visitor", {
    public_id: publicId,
    visitor_hashes: hashes,
    is_identified: visitor.isIdentified,
  });
  if (!known) throw agentUnavailable();
  log.info({ event: "visitor.erased", agent: publicId, isIdentified: visitor.isIdentified });
}

/** Remembers with the conversation what the customer's server says of its user. */
export async function keepProfile(
  deps: Pick<EmbedDeps, "db">,
  { hash, profile }: Visitor,
  conversationId: string,
): Promise<void> {
  if (!profile) return;
  await call(deps.db, "set_visitor_profile", {
    tenant_id: profile.tenantId,
    conversation_id: conversationId,
    visitor_hash: hash,
    name: profile.name,
    email: profile.email,
  });
}
