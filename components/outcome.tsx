import type { Outcome } from "@/lib/inbox/schema";
import { Badge, type Tone } from "./ui/badge";

export const OUTCOMES: Record<Outcome, { label: string; tone: Tone; meaning: string }> = {
  confirmed: { label: "Confirmed", tone: "success", meaning: "The visitor said that the last answer helped." },
  assumed: {
    label: "Assumed",
    tone: "info",
    meaning: "The last question was answered, and the visitor asked nothing more for 24 hours.",
  },
  escalated: { label: "Escalated", tone: "accent", meaning: "It went to a person." },
  abandoned: {
    label: "Abandoned",
    tone: "warning",
    meaning: "The visitor left without a usable answer: none, a failed or stopped one, or one they disliked.",
  },
  open: { label: "Open", tone: "neutral", meaning: "Something was said in the last 24 hours; it is not over yet." },
};

/** How a conversation ended, in a word. */
export const OutcomeBadge = ({ outcome }: { outcome: Outcome }) => (
  <span title={OUTCOMES[outcome].meaning}>
    <Badge tone={OUTCOMES[outcome].tone}>{OUTCOMES[outcome].label}</Badge>
  </span>
);
