import { promises as dns } from "node:dns";
import { isIP } from "node:net";
import type { ResolvedAddress } from "./addresses";

/**
 * Resolves a name to all its addresses; rejects when there is none (`ENOTFOUND`, `ESERVFAIL`, …).
 * Injectable, so that tests need no DNS. Answers in the shapes of `dns.lookup` and `dns.resolve` are understood too.
 */
export type Lookup = (hostname: string) => Promise<LookupAnswer>;
type LookupAnswer = string | OneAnswer | readonly (string | OneAnswer)[];
type OneAnswer = { address: string; family?: number | string };

/** The operating system's resolver, /etc/hosts included: the same answer that an ordinary connection would use. */
export const systemLookup: Lookup = (hostname) => dns.lookup(hostname, { all: true, order: "verbatim" });

/**
 * One answer, cleaned: each address with its true family.
 * @returns undefined when the answer is empty or holds anything that is not an address: half an answer is not trusted
 */
export async function resolveAll(hostname: string, lookup: Lookup): Promise<ResolvedAddress[] | undefined> {
  const answer = await lookup(hostname);
  const list = Array.isArray(answer) ? answer : [answer];
  const addresses: ResolvedAddress[] = [];
  for (const entry of list as (string | OneAnswer | undefined)[]) {
    const address = typeof entry === "string" ? entry : entry?.address;
    const family = typeof address === "string" ? isIP(address) : 0;
    if (family !== 4 && family !== 6) return undefined;
    addresses.push({ address: address as string, family });
  }
  return addresses.length > 0 ? addresses : undefined;
}
