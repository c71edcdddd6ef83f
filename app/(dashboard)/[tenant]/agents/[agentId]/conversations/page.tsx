import { Inbox } from "./inbox";

export const metadata = { title: "Conversations" };

export default async function ConversationsPage({
  params,
  searchParams,
}: PageProps<"/[tenant]/agents/[agentId]/conversations">) {
  return <Inbox params={params} searchParams={searchParams} conversationId={null} />;
}
