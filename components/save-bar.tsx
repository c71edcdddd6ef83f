import { useEffect } from "react";
import { Button } from "./ui/button";

/** The foot of a form that is saved as a whole: saves or takes back, says what is not saved, and lets nobody close the page over it unasked. */
export function SaveBar({
  save = "Save changes",
  discard = "Discard",
  unsaved = "Unsaved changes",
  dirty,
  pending,
  canSave = true,
  problem,
  onDiscard,
}: {
  save?: string;
  discard?: string;
  unsaved?: string;
  dirty: boolean;
  pending: boolean;
  /** Something is missing that the form itself can tell. */
  canSave?: boolean;
  /** Why it was not saved: here, because the bar is always in view, and the form's beginning mostly is not. */
  problem: string | undefined;
  onDiscard: () => void;
}) {
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  return (
    <div className="save-bar flex flex-wrap items-center gap-2">
      <Button type="submit" variant="primary" pending={pending} disabled={!(dirty && canSave)}>
        {save}
      </Button>
      {dirty && (
        <Button variant="ghost" onClick={onDiscard}>
          {discard}
        </Button>
      )}
      <span role="status" className={`min-w-0 flex-1 text-xs ${problem ? "text-danger" : "text-ink-subtle"}`}>
        {problem ?? (dirty ? unsaved : "")}
      </span>
    </div>
  );
}
