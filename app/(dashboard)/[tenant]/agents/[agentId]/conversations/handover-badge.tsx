import { Badge } from "@/components/ui/badge";
import type { Handover, HandoverReason } from "@/lib/engagement/schema";

const REASONS: Record<HandoverReason, string> = {
  visitor: "The visitor asked for a person",
  low_confidence: "The agent did not know enough",
  keyword: "The visitor used one of the words that call for a person",
  operator: "A member took over unasked",
};

/** Who has the conversation now, in a word; why, on hover. */
export const HandoverBadge = ({ handover, isMine }: { handover: Handover; isMine: boolean }) => {
  const { state, reason, operatorName } = handover;
  if (state === "agent") return null;
  return (
    <span title={REASONS[reason]}>
      {state === "waiting" && (
        <Badge tone="warning" live>
          Waiting for a person
        </Badge>
      )}
      {state === "human" && (
        <Badge tone="accent" dot>
          With {isMine ? "you" : <bdi>{operatorName}</bdi>}
        </Badge>
      )}
      {state === "closed" && <Badge>Closed by a person</Badge>}
    </span>
  );
};
