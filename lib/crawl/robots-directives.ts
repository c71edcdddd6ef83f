export type RobotsDirectives = { noindex: boolean; nofollow: boolean };

/** Directives that carry a value after a colon, so that their name is not mistaken for a crawler's. */
const VALUED = /^(unavailable_after|max-snippet|max-image-preview|max-video-preview)$/;

/**
 * What X-Robots-Tag and `<meta name="robots">` together ask of a crawler.
 * @param header may hold rules for several crawlers: `googlebot: nofollow, alonchatbot: noindex, nofollow`
 * @param ownName product token in lower case
 */
export function robotsDirectives(
  header: string | undefined,
  ownName: string,
  metas: readonly string[],
): RobotsDirectives {
  const words = new Set<string>();
  for (const meta of metas) for (const word of meta.toLowerCase().split(/[\s,]+/)) words.add(word);
  let forUs = true;
  for (const part of (header ?? "").toLowerCase().split(",")) {
    const [, name, rest] = /^\s*([^\s:]+)\s*:\s*(.*)$/.exec(part) ?? [];
    const isAgent = name !== undefined && !VALUED.test(name);
    // A name holds for all that follows it, up to the next name.
    if (isAgent) forUs = name === ownName || name === "*" || name === "robots";
    if (forUs) words.add((isAgent ? (rest ?? "") : part).trim());
  }
  const none = words.has("none");
  return { noindex: none || words.has("noindex"), nofollow: none || words.has("nofollow") };
}
