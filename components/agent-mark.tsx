import { readableOn } from "./color";
import { cn } from "./ui/cn";

/** An agent's sign: its own colour, as its visitors see it. */
export const AgentMark = ({ color, size = "md" }: { color: string; size?: "sm" | "md" }) => (
  <span
    aria-hidden="true"
    className={cn(
      "inline-flex shrink-0 items-center justify-center",
      size === "sm" ? "size-4 rounded-sm" : "size-7 rounded-md",
    )}
    style={{ background: color }}
  >
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className={size === "sm" ? "size-2.5!" : "size-4"}
      fill={readableOn(color)}
    >
      <path d="M3.5 2.5h9A1.5 1.5 0 0 1 14 4v5.5a1.5 1.5 0 0 1-1.5 1.5H8.2L5 13.8V11H3.5A1.5 1.5 0 0 1 2 9.5V4a1.5 1.5 0 0 1 1.5-1.5Z" />
    </svg>
  </span>
);
