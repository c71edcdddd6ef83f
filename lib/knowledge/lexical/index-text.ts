const LINK_TARGET = /\]\([^()\s]*(?:\s+"[^"\n]*")?\)/g;

/** Markdown as it is indexed: without link targets, whose words ("https", "www", "html") would only be noise. Bare addresses stay. */
export const indexText = (markdown: string): string => markdown.replace(LINK_TARGET, "] ");
