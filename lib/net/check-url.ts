import { isIP } from "node:net";
import { isInRanges, isPublicAddress, type ResolvedAddress } from "./addresses";
import { isAllowedHost, isInternalName } from "./hosts";
import { type Lookup, resolveAll, systemLookup } from "./lookup";

export type CheckOptions = {
  /** Default: the operating system's resolver. */
  lookup?: Lookup;
  /** Hosts the operator opened although they are private, as in CRAWL_ALLOW_HOSTS: `host`, `host:port`, `127.0.0.1:4400`. */
  allowHosts?: readonly string[];
  /** Private addresses or CIDR ranges the operator opened, on any port. Internal names stay closed. */
  allowIps?: readonly string[];
  /** Ports beside 80, 443, 8080 and 8443. */
  allowPorts?: readonly number[];
};

export type UrlCheck =
  | { ok: true; url: URL; addresses: ResolvedAddress[] }
  | { ok: false; code: "url_invalid" | "url_blocked" | "host_unreachable"; reason: string };

const WEB_PORTS: readonly number[] = [80, 443, 8080, 8443];
const MAX_URL_LENGTH = 8_192;

const invalid = (reason: string): UrlCheck => ({ ok: false, code: "url_invalid", reason });
const blocked = (reason: string): UrlCheck => ({ ok: false, code: "url_blocked", reason });

/**
 * Decides whether the product may connect to a URL: http(s), no credentials, a web port, and only public addresses.
 * @returns the parsed URL (no trailing dot in its host) and every address its name has now; or why not, in words for the user.
 * Never throws for bad input. The answer holds only for the returned addresses: connect to those, a second lookup may differ.
 * One private address among several is enough to refuse: the connection could go to any of them.
 */
export async function checkUrl(input: string | URL, options: CheckOptions = {}): Promise<UrlCheck> {
  const { allowHosts = [], allowIps = [], allowPorts = [], lookup = systemLookup } = options;
  const parsed = parse(input);
  if (!(parsed instanceof URL)) return parsed;
  const url = parsed;
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const literal = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  const isLiteral = isIP(literal) !== 0;
  const hostAllowed = isAllowedHost(url.hostname, port, allowHosts);

  if (!hostAllowed) {
    if (!isLiteral && isInternalName(url.hostname))
      return blocked(`"${url.hostname}" is a name of a private network. Give the address that visitors use.`);
    const portAllowed = WEB_PORTS.includes(port) || allowPorts.includes(port);
    if (!portAllowed && allowIps.length === 0) return blocked(portReason(port));
  }

  const found = isLiteral ? asAddress(literal) : await resolve(url.hostname, lookup);
  if (!Array.isArray(found)) return found;

  if (!hostAllowed) {
    const openedByOperator = found.every(({ address }) => isInRanges(address, allowIps));
    if (!openedByOperator) {
      if (!WEB_PORTS.includes(port) && !allowPorts.includes(port)) return blocked(portReason(port));
      if (!found.every(({ address }) => isPublicAddress(address) || isInRanges(address, allowIps)))
        return blocked(
          `"${url.hostname}" is in a private network, which cannot be reached from here. Give a public address.`,
        );
    }
  }
  return { ok: true, url, addresses: found };
}

function parse(input: string | URL): URL | UrlCheck {
  const text = typeof input === "string" ? input : input instanceof URL ? input.href : "";
  if (text.length > MAX_URL_LENGTH) return invalid(`The address is longer than ${MAX_URL_LENGTH} characters.`);
  // Own copy: the caller's URL object stays as it is.
  const url = URL.parse(text);
  if (!url) return invalid("This is not a web address. Write it like https://example.com/page.");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return invalid("Only web addresses that begin with https:// or http:// can be read.");
  if (url.username !== "" || url.password !== "")
    return invalid("The address holds a user name or password. Remove the part before the @.");
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
  if (url.hostname.length > 253 || url.hostname.split(".").includes(""))
    return invalid("The address has no valid host name.");
  return url;
}

function asAddress(literal: string): ResolvedAddress[] {
  return [{ address: literal, family: isIP(literal) === 6 ? 6 : 4 }];
}

async function resolve(hostname: string, lookup: Lookup): Promise<ResolvedAddress[] | UrlCheck> {
  try {
    const addresses = await resolveAll(hostname, lookup);
    if (addresses) return addresses;
  } catch {
    // Refused whatever the resolver's reason was.
  }
  return {
    ok: false,
    code: "host_unreachable",
    reason: `No server was found for "${hostname}". Check the spelling, or try again if the site is new.`,
  };
}

function portReason(port: number): string {
  return `Port ${port} is not a web port. Use an address on port ${WEB_PORTS.join(", ")}.`;
}
