import { CopyButton } from "./ui/copy-button";

type SnippetProps = { appUrl: string; publicId: string; color: string };

/** The one line that customers put on their pages. The colour is the bubble's until the agent's settings are loaded. */
const snippetFor = ({ appUrl, publicId, color }: SnippetProps): string =>
  `<script async src="${new URL("/widget/v1/loader.js", appUrl).href}" data-agent="${publicId}" data-color="${color}"></script>`;

export function Snippet(props: SnippetProps) {
  const snippet = snippetFor(props);
  return (
    <div className="flex gap-3 rounded-lg border border-line bg-muted p-3 max-sm:flex-col sm:items-start">
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
