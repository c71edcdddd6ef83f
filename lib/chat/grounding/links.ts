/** Addresses that a browser follows or runs; `data:` and the like only with something right behind the colon. */
export const ADDRESS =
  /(?:https?|ftp|wss?):\/\/(?:[^\s<>"`|()\\]|\([^\s<>()]*\))+|(?<!\p{L})(?:javascript|vbscript|data|blob|file|tel|sms|intent):[^\s<>"`|]+|(?<![\p{L}\p{N}@./-])www\.[^\s<>"`|()\\]+/giu;
/** What closes a sentence or a bracket around an address is not part of it. */
const TRAILING = /[.,;:!?'*_~\]}]+$/;

export const EMAIL = /(?:mailto:)?[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;

const ENDINGS =
  "com net org io dev app info biz shop store online site co me ai tv gg link click xyz eu de fr es it nl be at ch pl pt uk us ca au se dk no fi cz ie ru cn jp in br example test evil";
/** `shop.example` and `shop.example/returns`, without a scheme. */
export const BARE_HOST = new RegExp(
  `(?<![\\p{L}\\p{N}@./-])(?:[\\p{L}\\p{N}-]+\\.)+(?:${ENDINGS.replaceAll(" ", "|")})(?![\\p{L}\\p{N}-])(?:/[^\\s<>"\`|()]*)?`,
  "giu",
);

export const trimAddress = (address: string): string => address.replace(TRAILING, "");

/** The same address however it is written: no scheme, `www.`, closing slash or fragment; the host in lower case. */
export function sameAddress(address: string): string {
  const bare = trimAddress(address)
    .replace(/^(?:https?:)?\/\//i, "")
    .replace(/^www\./i, "")
    .replace(/#.*$/s, "")
    .replace(/\/+$/, "");
  const slash = bare.search(/[/?]/);
  return slash < 0 ? bare.toLowerCase() : bare.slice(0, slash).toLowerCase() + bare.slice(slash);
}

export const hostOf = (address: string): string => sameAddress(address).split(/[/?:]/)[0]!;
