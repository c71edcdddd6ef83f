import { collectBlocks } from "./extract/collect-blocks";
import { measureStatic } from "./extract/measure";
import { type PageHeading, renderMarkdown } from "./extract/render-markdown";
import { parsePage } from "./extract/tree";

/** All of a document's HTML as Markdown: for what a converter made, where nothing is boilerplate. Links stay when they are absolute. */
export function convertHtml(html: string): { markdown: string; headings: PageHeading[] } {
  const { root } = parsePage(html);
  measureStatic(root);
  return renderMarkdown(collectBlocks(root, { isArticle: false, isRelaxed: true, baseUrl: undefined }));
}
