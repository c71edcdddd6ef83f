import { CopyButton } from "./ui/copy-button";

/** Lines of code to take along. */
export const CodeBlock = ({ code, label = "Copy code" }: { code: string; label?: string }) => (
  <div className="flex min-w-0 gap-3 rounded-lg border border-line bg-muted p-3 max-sm:flex-col sm:items-start">
    <pre
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
      tabIndex={0}
      className="min-w-0 flex-1 overflow-x-auto max-sm:w-full py-0.5 font-mono text-xs leading-5"
    >
      {code}
    </pre>
    <CopyButton text={code} label={label} size="sm" />
  </div>
);
