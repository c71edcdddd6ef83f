import { cn } from "./ui/cn";

export const Mark = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 32 32" className={cn("size-5 shrink-0", className)} aria-hidden="true">
    <rect width="32" height="32" rx="8" className="fill-accent" />
    <path
      d="M9 8.5h14a2.5 2.5 0 0 1 2.5 2.5v8a2.5 2.5 0 0 1-2.5 2.5h-6.2L11.5 26v-4.5H9A2.5 2.5 0 0 1 6.5 19v-8A2.5 2.5 0 0 1 9 8.5Z"
      fill="#fff"
    />
    <path d="M11 13h10M11 17h6" className="stroke-accent" strokeWidth="2" strokeLinecap="round" />
  </svg>
);

export const Logo = ({ className }: { className?: string }) => (
  <span className={cn("inline-flex items-center gap-2 text-base font-semibold tracking-[-0.01em]", className)}>
    <Mark />
    AlonChat
  </span>
);
