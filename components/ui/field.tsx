import type { ReactNode } from "react";
import { useId } from "react";
import { cn } from "./cn";

type Control = { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined };

/** A label, its control, what helps, and what is wrong; tied together for screen readers. */
export function Field({
  label,
  hint,
  error,
  optional,
  aside,
  className,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  aside?: ReactNode;
  className?: string;
  children: (control: Control) => ReactNode;
}) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [hint ? hintId : "", error ? errorId : ""].filter(Boolean).join(" ") || undefined;
  return (
    <div className={cn("grid gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
          {optional && <span className="ml-1.5 font-normal text-ink-subtle">Optional</span>}
        </label>
        {aside && <span className="text-xs text-ink-subtle">{aside}</span>}
      </div>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error ? true : undefined })}
      {error && (
        <p id={errorId} role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
      {hint && (
        <p id={hintId} className="max-w-[68ch] text-xs text-ink-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
