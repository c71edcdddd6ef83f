import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * The network that an address stands for in rate limits: IPv4 for itself, of IPv6 the /64, of which one client may take any address.
 * @param address as a socket or a trusted proxy names it; what is no address stands for itself
 */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(":")}::/64`;
}
