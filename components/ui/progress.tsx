import { cn } from "./cn";

/** A determinate bar; without `percent` it says only that something is under way. */
export const Progress = ({
  percent,
  label,
  className,
}: {
  percent: number | null;
  label: string;
  className?: string;
}) => (
  <div
    role="progressbar"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={100}
    {...(percent === null ? {} : { "aria-valuenow": percent })}
    className={cn("h-1.5 overflow-hidden rounded-full bg-hover", className)}
  >
    <div
      className={cn(
        "h-full rounded-full bg-accent transition-[width] duration-500",
        percent === null && "animate-skeleton",
      )}
      style={{ width: `${percent ?? 12}%` }}
    />
  </div>
);
