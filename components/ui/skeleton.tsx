import { cn } from "./cn";

/** A grey stand-in with the size of what is coming. The page around it says that it is loading. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden="true" className={cn("animate-skeleton rounded-md bg-hover", className)} />
);

export const Loading = ({ children }: { children: React.ReactNode }) => (
  <div role="status" aria-busy="true">
    <span className="sr-only">Loading</span>
    {children}
  </div>
);
