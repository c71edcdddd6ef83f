"use client";

import { type ComponentProps, useMemo } from "react";
import { type Components, Streamdown } from "streamdown";
import type { Citation } from "@/lib/chat/schema";
import { linkCitations } from "./link-citations";

/**
 * An answer's Markdown. Models repeat what pages say, so nothing in it is loaded or opened by itself: no images, and links only to what
 * the answer cites.
 */
export function Answer({ text, citations, streaming }: { text: string; citations: Citation[]; streaming: boolean }) {
  const byNumber = useMemo(() => new Map(citations.map((citation) => [citation.number, citation])), [citations]);
  const components = useMemo<Components>(() => {
    const cited = new Set(citations.flatMap(({ url }) => (url === null ? [] : [url.replace(/#.*$/, "")])));
    return {
      img: () => null,
      a: ({ href = "", children }: ComponentProps<"a">) => {
        const citation = byNumber.get(Number(/#cite-(\d+)$/.exec(href)?.[1]));
        if (citation?.url === null)
          return (
            <span
              role="img"
              title={citation.title}
              aria-label={`Source ${citation.number}: ${citation.title}`}
              className="mx-0.5 cite-mark align-[1px]"
            >
              {citation.number}
            </span>
          );
        if (citation)
          return (
            <a
              href={citation.url}
              target="_blank"
              rel="noreferrer"
              title={citation.title}
              aria-label={`Source ${citation.number}: ${citation.title}`}
              className="mx-0.5 cite-mark align-[1px] no-underline hover:bg-accent hover:text-on-accent"
            >
              {citation.number}
            </a>
          );
        if (!cited.has(href.replace(/#.*$/, ""))) return <span>{children}</span>;
        return (
          <a href={href} target="_blank" rel="noreferrer" className="text-link">
            {children}
          </a>
        );
      },
    };
  }, [byNumber, citations]);
  const known = useMemo(() => new Set(byNumber.keys()), [byNumber]);
  return (
    <div dir="auto" className="min-w-0 text-base leading-[22px] break-words">
      <Streamdown
        mode={streaming ? "streaming" : "static"}
        components={components}
        controls={false}
        linkSafety={{ enabled: false }}
        className="plain-tables space-y-3 [&_h1]:text-base [&_h2]:text-base [&_h3]:text-base [&_li]:py-0.5 [&_ol]:pl-5 [&_table]:text-sm [&_ul]:pl-5"
      >
        {linkCitations(text, known)}
      </Streamdown>
    </div>
  );
}
