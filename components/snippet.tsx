import { CopyButton } from "./ui/copy-button";

/** The one line that customers put on their pages. */
export const snippetFor = (appUrl: string, publicId: string): string =>
  `<script async src="${new URL("/widget/v1/loader.js", appUrl).href}" data-agent="${publicId}"></script>`;

export function Snippet({ appUrl, publicId }: { appUrl: string; publicId: string }) {
  const snippet = snippetFor(appUrl, publicId);
  return (
    <div className="flex gap-3 rounded-lg max-sm:flex-col sm:items-start border border-line bg-muted p-3">
      <code
        dir="ltr"
        className="min-w-0 flex-1 py-0.5 font-mono text-xs leading-5 break-all select-all"
        data-testid="snippet"
      >
        {snippet}
      </code>
      <CopyButton text={snippet} label="Copy snippet" size="sm" />
    </div>
  );
}
