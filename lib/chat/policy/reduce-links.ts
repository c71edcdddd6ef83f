import { ADDRESS, BARE_HOST, sameAddress, trimAddress } from "../grounding/links";

/** What stands where an address was. */
export const REMOVED = "…";

export interface Reduced {
  text: string;
  /** Addresses that were taken out, as written. */
  removed: string[];
}

const LABEL = "\\[((?:\\\\.|\\[[^[\\]]*\\]|[^[\\]\\\\])*)\\]";
/** What is left of a destination that is no address: a title, half of a script. */
const REST = "(?:[^()\\n]|\\([^()\\n]*\\))*\\)?";
const IMAGE = new RegExp(`!${LABEL}(?:\\((${REST})|\\[[^\\]\\n]*\\])?`, "gu");
const LINK = new RegExp(`${LABEL}\\(\\s*<?([^\\s<>()]*(?:\\([^\\s<>()]*\\)[^\\s<>()]*)*)>?${REST}`, "gu");
const REFERENCE = new RegExp(`${LABEL}\\[(?!\\d{1,3}\\])[^\\]\\n]*\\]`, "gu");
const DEFINITION = /^[ \t>]*\[[^\]\n]+\]:[ \t]*\S.*$/gmu;
const AUTOLINK = /<((?:[a-z][a-z0-9+.-]{1,20}:|www\.)[^\s<>]*)>?/giu;
const TAG = /<\/?[a-z][a-z0-9-]*(?:[\s/][^<>]*)?>|<!--[\s\S]*?(?:-->|$)|<[!?][a-z][^>]*>/giu;
/** A tag that is not closed where the sentence ends. */
const OPEN_TAG =
  /<\/?(?:a|img|image|script|style|iframe|frame|object|embed|form|input|button|svg|math|video|audio|source|link|meta|base|body|html|div|table|details|template)\b[^>]*$/giu;
const CODE = /(`+)([\s\S]*?)\1/g;

/**
 * Takes out of a text what leads away: links and addresses that are not allowed become their label or "…", images their
 * description, markup of HTML nothing. In code only addresses are looked at.
 * @param allows whether an address may be followed from an answer
 * @param keeps whether a tag such as `<your-name>` stands in the sources as it is
 */
export function reduceLinks(
  text: string,
  { allows, keeps, inCode }: { allows: (address: string) => boolean; keeps: (tag: string) => boolean; inCode: boolean },
): Reduced {
  const removed: string[] = [];
  const bare = (part: string): string =>
    part
      .replace(ADDRESS, (address) => {
        const trimmed = trimAddress(address);
        if (allows(trimmed)) return address;
        removed.push(trimmed);
        return REMOVED + address.slice(trimmed.length);
      })
      // A host without a scheme is no link, but what is behind its slash carries data all the same.
      .replace(BARE_HOST, (address) => {
        if (!/[/?]/.test(address) || allows(trimAddress(address))) return address;
        const trimmed = trimAddress(address);
        removed.push(trimmed);
        return sameAddress(trimmed).split(/[/?]/)[0]! + REMOVED + address.slice(trimmed.length);
      });
  const prose = (part: string): string => {
    let out = part.replace(DEFINITION, (line) => {
      removed.push(line.trim());
      return "";
    });
    out = out.replace(IMAGE, (_image, label: string, address: string | undefined) => {
      removed.push(address ?? "");
      return label;
    });
    out = out.replace(LINK, (link, label: string, address: string) => {
      if (allows(address)) return link;
      if (/^\d{1,3}$/.test(label) && address === "") return link;
      removed.push(address);
      return label;
    });
    out = out.replace(REFERENCE, (_reference, label: string) => label);
    out = out.replace(AUTOLINK, (link, address: string) => {
      if (allows(address)) return link;
      removed.push(address);
      return REMOVED;
    });
    out = out.replace(TAG, (tag) => {
      if (!/[=\s]/.test(tag) && keeps(tag)) return tag;
      if (tag.includes("=")) removed.push(tag);
      return "";
    });
    return bare(out.replace(OPEN_TAG, ""));
  };
  if (inCode) return { text: bare(text), removed };
  let at = 0;
  let out = "";
  for (const code of text.matchAll(CODE)) {
    out += prose(text.slice(at, code.index)) + bare(code[0]);
    at = code.index + code[0].length;
  }
  return { text: out + prose(text.slice(at)), removed };
}
