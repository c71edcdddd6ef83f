import { BackHeader } from "@/components/back-header";
import { OutcomeBadge } from "@/components/outcome";
import { Notice } from "@/components/ui/notice";
import { plural } from "@/components/ui/number";
import { RelativeTime } from "@/components/ui/time";
import { env } from "@/lib/core/env";
import type { Attachment, Handover, Survey, VisitorAbout } from "@/lib/engagement/schema";
import { MAX_MESSAGES, type Transcript } from "@/lib/inbox/schema";
import { type Role, roleAtLeast } from "@/lib/tenancy/schema";
import { ConversationMenu } from "./conversation-menu.client";
import { HandoverActions } from "./handover-actions.client";
import { HandoverBadge } from "./handover-badge";
import { ReplyBox } from "./reply-box.client";
import { TagEditor } from "./tag-editor.client";
import { TranscriptMessages } from "./transcript-messages";
import { AboutVisitor, VisitorParts } from "./visitor-parts";

/** One conversation: who, when and how it ended; what can be done with it; what was said; and below, where a person would answer. */
export function TranscriptView({
  tenant,
  agentId,
  member: { role, user },
  back,
  transcript,
  handover,
  parts,
}: {
  tenant: string;
  agentId: string;
  member: { role: Role; user: { id: string; email: string } };
  back: string;
  transcript: Transcript;
  /** Null: it never left the agent. */
  handover: Handover | null;
  parts: { about: VisitorAbout | null; survey: Survey | null; attachments: Attachment[] };
}) {
  const isOperator = roleAtLeast(role, "operator");
  const isMine = handover?.state === "human" && handover.operatorId === user.id;
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = env();
  return (
    <article aria-label="Conversation" className="flex min-h-0 min-w-0 flex-col">
      <header className="grid gap-2 border-b border-line px-4 py-3 sm:px-6">
        <BackHeader
          back={back}
          backLabel="Back to the list"
          title={<span className="line-clamp-2">{transcript.question ?? "No question yet"}</span>}
          action={
            <>
              {isOperator && transcript.channel === "widget" && (
                <HandoverActions
                  tenant={tenant}
                  conversationId={transcript.id}
                  state={handover?.state ?? "agent"}
                  isMine={isMine}
                  suggestedName={nameFrom(user.email)}
                />
              )}
              {roleAtLeast(role, "admin") && (
                <ConversationMenu
                  tenant={tenant}
                  conversationId={transcript.id}
                  name={transcript.question ?? "without a question"}
                  back={back}
                />
              )}
            </>
          }
        >
          <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-ink-muted">
            {handover && <HandoverBadge handover={handover} isMine={isMine} />}
            {transcript.outcome && <OutcomeBadge outcome={transcript.outcome} />}
            <span>
              {transcript.channel === "playground" ? (
                "Playground"
              ) : (
                <bdi>{transcript.originHost ?? "Unknown page"}</bdi>
              )}
            </span>
            <RelativeTime at={transcript.createdAt} />
            <span>{plural(transcript.questions, "question")}</span>
            {transcript.language && <span>{LANGUAGES.of(transcript.language)}</span>}
          </p>
        </BackHeader>
        <TagEditor tenant={tenant} conversationId={transcript.id} tags={transcript.tags} mayEdit={isOperator} />
      </header>
      <div className="min-h-0 flex-1 px-4 py-5 sm:px-6 lg:overflow-y-auto">
        {parts.about && <AboutVisitor {...parts.about} />}
        {transcript.messages.length === MAX_MESSAGES && (
          <Notice className="mb-4">
            These are the last {plural(MAX_MESSAGES, "message")}. The export holds the earlier ones too.
          </Notice>
        )}
        <TranscriptMessages transcript={transcript} corrector={{ tenant, agentId, mayCorrect: isOperator }} />
        <VisitorParts tenant={tenant} attachments={parts.attachments} survey={parts.survey} />
      </div>
      {isMine && (
        <ReplyBox
          tenant={tenant}
          conversationId={transcript.id}
          topic={handover.topic}
          supabaseUrl={SUPABASE_URL}
          publishableKey={SUPABASE_PUBLISHABLE_KEY}
        />
      )}
    </article>
  );
}

const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });

/** `ada.lovelace@…` is Ada to visitors, until she says otherwise. */
function nameFrom(email: string): string {
  const first = email.split("@")[0]?.split(/[^\p{L}]/u)[0] ?? "";
  return first.charAt(0).toUpperCase() + first.slice(1);
}
