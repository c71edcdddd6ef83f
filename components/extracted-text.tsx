"use client";

import { type Components, Streamdown } from "streamdown";

const COMPONENTS: Components = {
  // Nothing of other people's pages is loaded here; what an image says in words is what the agent knows of it.
  img: ({ alt }) =>
    typeof alt === "string" && alt ? (
      <span className="rounded-sm bg-muted px-1 text-xs text-ink-muted">Image: {alt}</span>
    ) : null,
  a: ({ href, children }) =>
    typeof href === "string" && /^https?:\/\//.test(href) ? (
      <a href={href} target="_blank" rel="noreferrer nofollow" className="text-link">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
};

/** Markdown from a page, set as text to be read. It is other people's: it loads nothing, and links open elsewhere. */
export const ExtractedText = ({ markdown }: { markdown: string }) => (
  <div dir="auto" className="min-w-0 text-base leading-[22px] break-words">
    <Streamdown
      mode="static"
      components={COMPONENTS}
      controls={false}
      linkSafety={{ enabled: false }}
      className="plain-tables space-y-3 [&_h1]:mt-0 [&_h1]:text-xl [&_h2]:mt-6 [&_h2]:text-lg [&_h3]:mt-5 [&_h3]:text-base [&_h4]:text-base [&_li]:py-0.5 [&_ol]:list-outside [&_ol]:pl-6 [&_table]:text-sm [&_ul]:list-outside [&_ul]:pl-6"
    >
      {markdown}
    </Streamdown>
  </div>
);
