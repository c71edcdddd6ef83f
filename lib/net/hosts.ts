/** Names that mean "this machine" or "this network", whatever a resolver says about them (RFC 6761, 6762, 8375, 7686; cloud and container DNS). */
const INTERNAL_SUFFIXES = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "home.arpa",
  "in-addr.arpa",
  "ip6.arpa",
  "onion",
  "invalid",
  "alt",
];

/** Whether a lower-case host name without trailing dot is internal by its name: a single label, or under a private suffix. */
export function isInternalName(hostname: string): boolean {
  if (!hostname.includes(".")) return true;
  return INTERNAL_SUFFIXES.some((suffix) => hostname.endsWith(`.${suffix}`));
}

/**
 * Whether the operator opened this host. Entries: `host` (every port of it), `host:port`, `127.0.0.1:4400`, `[::1]:4400`.
 * @param hostname as in `URL.hostname`, IPv6 in brackets
 */
export function isAllowedHost(hostname: string, port: number, allowHosts: readonly string[]): boolean {
  return allowHosts.some((entry) => {
    const text = entry.trim().toLowerCase();
    const match = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
    if (!match) return false;
    return match[1] === hostname && (match[2] === undefined || Number(match[2]) === port);
  });
}
