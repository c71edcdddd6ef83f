import { CopyButton } from "./ui/copy-button";

type SnippetProps = {
  appUrl: string;
  publicId: string;
  color: string;
  /** A version that shall not change under the page; without it the newest. */
  pinned?: { file: string; integrity: string };
};

/** The one line that customers put on their pages. The colour is the bubble's until the agent's settings are loaded. */
const snippetFor = ({ appUrl, publicId, color, pinned }: SnippetProps): string => {
  const src = new URL(`/widget/${pinned?.file ?? "v1/loader.js"}`, appUrl).href;
  const integrity = pinned ? ` integrity="${pinned.integrity}" crossorigin="anonymous"` : "";
  return `<script async src="${src}"${integrity} data-agent="${publicId}" data-color="${color}"></script>`;
};

export function Snippet(props: SnippetProps) {
  const snippet = snippetFor(props);
  return (
    <div className="flex gap-3 rounded-lg border border-line bg-muted p-3 max-sm:flex-col sm:items-start">
      <code
        dir="ltr"
        className="min-w-0 flex-1 py-0.5 font-mono text-xs leading-5 break-all select-all"
        data-testid={props.pinned ? "pinned-snippet" : "snippet"}
      >
        {snippet}
      </code>
      <CopyButton text={snippet} label="Copy snippet" size="sm" />
    </div>
  );
}
