import { Paperclip, Star, UserRoundCheck } from "lucide-react";
import { fileSize } from "@/components/ui/number";
import { RelativeTime } from "@/components/ui/time";
import type { Attachment, Survey, VisitorAbout } from "@/lib/engagement/schema";

/** Who the visitor is: by the customer's server, and as their page told. Shown as text, whatever it holds. */
export const AboutVisitor = ({ name, email, context }: VisitorAbout) => {
  const entries = Object.entries(context);
  if (!name && !email && entries.length === 0) return null;
  return (
    <section
      aria-label="About the visitor"
      className="mx-auto mb-5 grid max-w-[760px] gap-2 rounded-md bg-muted px-3 py-2.5 text-sm"
    >
      {(name || email) && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <UserRoundCheck className="size-4 shrink-0 text-ink-subtle" aria-hidden="true" />
          {name && (
            <bdi className="min-w-0 break-words font-medium" dir="auto">
              {name}
            </bdi>
          )}
          {email && (
            <a href={`mailto:${email}`} className="min-w-0 break-all text-ink-muted hover:underline">
              {email}
            </a>
          )}
          <span className="text-xs text-ink-subtle">signed in on your site</span>
        </p>
      )}
      {entries.length > 0 && (
        <dl
          title="Told by the page, which anybody can change in their own browser"
          className="grid gap-x-6 gap-y-1 sm:grid-cols-2"
        >
          {entries.map(([key, value]) => (
            <div key={key} className="flex min-w-0 gap-2">
              <dt className="max-w-[45%] shrink-0 truncate text-ink-subtle" title={key}>
                {key}
              </dt>
              <dd dir="auto" className="min-w-0 break-words">
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
};

/** What the visitor sent, and how they found the conversation. */
export const VisitorParts = ({
  tenant,
  attachments,
  survey,
}: {
  tenant: string;
  attachments: Attachment[];
  survey: Survey | null;
}) => (
  <div className="mx-auto mt-5 grid max-w-[760px] gap-3 empty:hidden">
    {attachments.length > 0 && (
      <section aria-label="Files of the visitor" className="grid gap-1.5">
        <h3 className="text-xs font-medium text-ink-muted">Files of the visitor</h3>
        <ul className="flex flex-wrap gap-2">
          {attachments.map((file) => (
            <li key={file.id} className="max-w-full">
              <a
                href={`/api/attachments/${file.id}?workspace=${tenant}`}
                className="flex min-w-0 items-center gap-2 rounded-md border border-line px-2.5 py-1.5 text-sm hover:bg-muted"
              >
                <Paperclip className="size-3.5 shrink-0 text-ink-subtle" aria-hidden="true" />
                <bdi className="min-w-0 truncate">{file.name}</bdi>
                <span className="shrink-0 text-xs text-ink-subtle tabular-nums">{fileSize(file.sizeBytes)}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
    )}
    {survey && (
      <section aria-label="Rating of the conversation" className="grid gap-1 rounded-md bg-muted px-3 py-2 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <span className="flex" aria-hidden="true">
            {[1, 2, 3, 4, 5].map((n) => (
              <Star
                key={n}
                className={n <= survey.score ? "size-4 fill-current text-warning" : "size-4 text-ink-subtle"}
              />
            ))}
          </span>
          <span>Rated {survey.score} of 5</span>
          <RelativeTime at={survey.createdAt} className="text-xs text-ink-subtle" />
        </p>
        {survey.comment && (
          <q dir="auto" className="break-words text-ink-muted">
            {survey.comment}
          </q>
        )}
      </section>
    )}
  </div>
);
