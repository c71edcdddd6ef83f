import type { Citation } from "@/lib/chat/schema";

/** The sources of an answer under it, each with the words that it quotes. */
export const SourceList = ({ citations }: { citations: Citation[] }) => (
  <ol aria-label="Sources" className="grid gap-1.5">
    {citations.map((citation) => (
      <li key={citation.number}>
        {citation.url === null ? (
          <div className={SOURCE_CARD}>
            <SourceText citation={citation} />
          </div>
        ) : (
          <a href={citation.url} target="_blank" rel="noreferrer" className={`group ${SOURCE_CARD} hover:bg-muted`}>
            <SourceText citation={citation} />
          </a>
        )}
      </li>
    ))}
  </ol>
);

const SOURCE_CARD = "flex gap-2.5 rounded-md border border-line px-3 py-2";

const SourceText = ({ citation }: { citation: Citation }) => (
  <>
    <span className="mt-0.5 cite-mark">{citation.number}</span>
    <span className="grid min-w-0 gap-0.5">
      <span className="truncate font-medium group-hover:underline" dir="auto">
        {citation.heading && citation.heading !== citation.title
          ? `${citation.title} › ${citation.heading}`
          : citation.title}
      </span>
      {citation.quote && (
        <span className="line-clamp-2 text-xs text-ink-muted" dir="auto">
          {citation.quote}
        </span>
      )}
    </span>
  </>
);
