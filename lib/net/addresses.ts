import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export type ResolvedAddress = { address: string; family: 4 | 6 };

/** Public by its number, yet answered by the host machine itself: Azure's metadata and DNS service. */
const AZURE_WIRE_SERVER = "168.63.129.16";
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/**
 * Whether an address may be reached on the public internet.
 * @param ip a literal in canonical text form, as DNS answers give it; anything else (`127.1`, `0x7f.1`, a name) is not public
 *
 * IPv4 inside IPv6 is judged by the IPv4 address where a network really translates it (mapped, and NAT64's well-known prefix,
 * which IPv6-only networks answer for every IPv4 site). Tunnels (6to4, Teredo, IPv4-compatible, ISATAP-style prefixes outside
 * 2000::/3) are refused as a whole: no site lives there and each can carry a private address.
 */
export function isPublicAddress(ip: string): boolean {
  const family = isIP(ip);
  if (family === 4) return isPublicIPv4(ipaddr.IPv4.parse(ip));
  if (family !== 6) return false;
  const address = ipaddr.IPv6.parse(ip);
  if (address.zoneId !== undefined) return false;
  if (address.isIPv4MappedAddress()) return isPublicIPv4(address.toIPv4Address());
  if (address.match(NAT64)) return isPublicIPv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  return address.match(GLOBAL_UNICAST) && address.range() === "unicast";
}

function isPublicIPv4(address: ipaddr.IPv4): boolean {
  return address.range() === "unicast" && address.toString() !== AZURE_WIRE_SERVER;
}

/**
 * Whether `ip` lies in one of `ranges` (single addresses or CIDR). An IPv4 address written as mapped IPv6 is compared as IPv4.
 * A range that cannot be parsed matches nothing.
 */
export function isInRanges(ip: string, ranges: readonly string[]): boolean {
  if (ranges.length === 0 || isIP(ip) === 0) return false;
  const address = ipaddr.process(ip);
  return ranges.some((range) => {
    const text = range.trim();
    try {
      const [network, bits] = text.includes("/") ? ipaddr.parseCIDR(text) : wholeAddress(text);
      return network.kind() === address.kind() && address.match(network, bits);
    } catch {
      return false;
    }
  });
}

function wholeAddress(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.process(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
