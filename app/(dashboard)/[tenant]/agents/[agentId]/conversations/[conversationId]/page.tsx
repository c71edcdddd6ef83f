import { Inbox } from "../inbox";

export const metadata = { title: "Conversation" };

export default async function ConversationPage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/conversations/[conversationId]">) {
  return <Inbox params={params} searchParams={searchParams} conversationId={(await params).conversationId} />;
}
