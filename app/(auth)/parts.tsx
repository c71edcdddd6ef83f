import { Notice } from "@/components/ui/notice";
import { env } from "@/lib/core/env";
import { signInWith } from "./actions";
import { SubmitButton } from "./submit-button.client";

export const Heading = ({ title, children }: { title: string; children?: React.ReactNode }) => (
  <div className="mb-6 grid gap-1">
    <h1 className="text-xl font-semibold tracking-[-0.01em]">{title}</h1>
    {children && <p className="text-sm text-ink-muted">{children}</p>}
  </div>
);

const PROBLEMS: Record<string, string> = {
  expired: "This link has expired or was used before. Ask for a new one.",
  provider: "The other service did not answer. Try again, or use your e-mail address.",
  "no-workspace": "You are not a member of any workspace. Ask for an invitation, or sign up for one of your own.",
};

/** Why somebody was sent here, from the query string; unknown words say nothing. */
export const Problem = ({ problem }: { problem: string | string[] | undefined }) => {
  const text = typeof problem === "string" ? PROBLEMS[problem] : undefined;
  return text ? (
    <Notice kind="warning" className="mb-4">
      {text}
    </Notice>
  ) : null;
};

/** Buttons of the providers that this installation has keys for; nothing when there are none. */
export function Providers() {
  const { AUTH_GITHUB_ENABLED, AUTH_GOOGLE_ENABLED } = env();
  if (!AUTH_GITHUB_ENABLED && !AUTH_GOOGLE_ENABLED) return null;
  return (
    <>
      <div className="my-5 flex items-center gap-3 text-xs text-ink-subtle before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </div>
      <div className="grid gap-2">
        {AUTH_GOOGLE_ENABLED && (
          <form action={signInWith.bind(null, "google")}>
            <SubmitButton variant="secondary">Continue with Google</SubmitButton>
          </form>
        )}
        {AUTH_GITHUB_ENABLED && (
          <form action={signInWith.bind(null, "github")}>
            <SubmitButton variant="secondary">Continue with GitHub</SubmitButton>
          </form>
        )}
      </div>
    </>
  );
}
