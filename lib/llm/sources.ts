import type { Passage } from "./types";

/**
 * How passages, question and fallback sentence stand in a prompt. Writer and reader live side by side, because the local model
 * reads the same prompt that every other model gets. Crawled text is data: whatever it holds, it cannot close its own block
 * or open another one.
 */
const TAGS = "sources?|question|fallback|system|context|instructions?|assistant|user";
/** Our own tags, those that other prompts use, and the brackets of chat templates such as `<|im_start|>`. */
const MARK = `\\s*/?\\s*(?:${TAGS})\\b|\\|`;
const OPENS_TAG = new RegExp(`<(?=${MARK})`, "gi");
const LOOKS_ESCAPED = new RegExp(`&(?=(?:amp;)*lt;(?:${MARK}))`, "gi");
const ESCAPED_TAG = new RegExp(`&lt;(?=${MARK})`, "gi");
const ESCAPED_TWICE = new RegExp(`&amp;(?=(?:amp;)*lt;(?:${MARK}))`, "gi");

const escapeText = (text: string) => text.replace(LOOKS_ESCAPED, "&amp;").replace(OPENS_TAG, "&lt;");
const unescapeText = (text: string) => text.replace(ESCAPED_TAG, "<").replace(ESCAPED_TWICE, "&");

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  '"': "&quot;",
  "<": "&lt;",
  ">": "&gt;",
  "\n": "&#10;",
  "\r": "&#13;",
};
const escapeAttribute = (text: string) => text.replace(/[&"<>\n\r]/g, (char) => ENTITIES[char] ?? char);
const unescapeAttribute = (text: string) =>
  text.replace(/&(?:amp|quot|lt|gt|#10|#13);/g, (entity) => {
    return Object.keys(ENTITIES).find((char) => ENTITIES[char] === entity) ?? entity;
  });

const attribute = (name: string, value: string | undefined) => (value ? ` ${name}="${escapeAttribute(value)}"` : "");

/**
 * The passages as they stand in a user message:
 * `<source id="1" title="…" heading="…" url="…">` on one line, the text, `</source>`. Empty string for no passages.
 */
export function renderSources(passages: readonly Passage[]): string {
  if (passages.length === 0) return "";
  const blocks = passages.map(({ number, title, heading, url, text }) => {
    const attributes = `${attribute("title", title)}${attribute("heading", heading)}${attribute("url", url)}`;
    return `<source id="${number}"${attributes}>\n${escapeText(text)}\n</source>`;
  });
  return `<sources>\n${blocks.join("\n")}\n</sources>`;
}

const SOURCE = /<source id="(\d+)"((?: [a-z]+="[^"]*")*)>\n([\s\S]*?)\n<\/source>/g;
const ATTRIBUTE = /([a-z]+)="([^"]*)"/g;

/** The passages of a prompt, as `renderSources` wrote them. */
export function parseSources(prompt: string): Passage[] {
  return [...prompt.matchAll(SOURCE)].map(([, id, rest = "", body = ""]) => {
    const attributes = Object.fromEntries(
      [...rest.matchAll(ATTRIBUTE)].map((m) => [m[1], unescapeAttribute(m[2] ?? "")]),
    );
    const { title = "", heading, url = "" } = attributes;
    return { number: Number(id), title, ...(heading && { heading }), url, text: unescapeText(body) };
  });
}

/** The last user message of an answer prompt: the sources, then the question. */
export function renderQuestion({ sources = [], question }: { sources?: readonly Passage[]; question: string }): string {
  const block = renderSources(sources);
  return `${block}${block && "\n\n"}<question>\n${escapeText(question)}\n</question>`;
}

/** The question of a user message: what `renderQuestion` marked, else everything outside the sources. */
export function parseQuestion(message: string): string {
  const outside = message.replace(/<sources>\n[\s\S]*?\n<\/sources>/g, "");
  const marked = /<question>\n([\s\S]*?)\n<\/question>/.exec(outside)?.[1];
  return marked === undefined ? outside.trim() : unescapeText(marked);
}

/** The sentence to reply with, word for word, when the sources hold no answer; belongs into the system message. */
export function renderFallback(sentence: string): string {
  return `<fallback>${escapeText(sentence.trim())}</fallback>`;
}

export const DEFAULT_FALLBACK = "I could not find an answer to that on this site.";

/** What `renderFallback` marked; in a prompt without the mark, what follows "…exactly this and nothing else:". */
export function parseFallback(system: string): string {
  const marked = /<fallback>([\s\S]*?)<\/fallback>/.exec(system)?.[1];
  if (marked) return unescapeText(marked);
  return /\bnothing else: ?(\S[^\n]*)/.exec(system)?.[1]?.trim() ?? DEFAULT_FALLBACK;
}
