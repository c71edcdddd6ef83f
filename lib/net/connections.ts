import { isIP, type LookupFunction } from "node:net";
import { buildConnector, Pool } from "undici";
import type { ResolvedAddress } from "./addresses";

const MAX_POOLS = 128;
/** As many as a process can have pages under way. */
const CONNECTIONS_PER_POOL = 64;
const KEEP_ALIVE_MS = 5_000;
const KEEP_ALIVE_MAX_MS = 30_000;

/** Least recently used first. Idle sockets close by themselves and do not keep the process alive. */
const pools = new Map<string, Pool>();

/**
 * Kept-alive connections to one origin that can only go to the addresses that were checked. TLS still names and verifies the
 * host of the origin. A changed DNS answer is another key, so a pool never outlives what was checked for it.
 */
export function pinnedPool(origin: string, addresses: readonly ResolvedAddress[], connectTimeoutMs: number): Pool {
  // Sorted: resolvers give the same addresses in turns.
  const key = [origin, connectTimeoutMs, ...addresses.map((a) => a.address).sort()].join(" ");
  const known = pools.get(key);
  if (known) {
    pools.delete(key);
    pools.set(key, known);
    return known;
  }
  const pool = new Pool(origin, {
    connections: CONNECTIONS_PER_POOL,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
    connect: pinnedConnector(addresses, connectTimeoutMs),
  });
  pools.set(key, pool);
  for (const [oldKey, old] of pools) {
    if (pools.size <= MAX_POOLS) break;
    pools.delete(oldKey);
    void old.close();
  }
  return pool;
}

/** Closes every kept connection, at shutdown and between tests. Running requests are finished first. */
export async function closeConnections(): Promise<void> {
  const open = [...pools.values()];
  pools.clear();
  await Promise.all(open.map((pool) => pool.close()));
}

function pinnedConnector(addresses: readonly ResolvedAddress[], timeoutMs: number): buildConnector.connector {
  const answer = addresses.map(({ address, family }) => ({ address, family }));
  const first = answer[0];
  const lookup: LookupFunction = (_hostname, options, callback) => {
    if (!first) callback(Object.assign(new Error("no address"), { code: "ENOTFOUND" }), "", 0);
    else if (options.all) callback(null, answer);
    else callback(null, first.address, first.family);
  };
  const connect = buildConnector({ allowH2: false, timeout: timeoutMs, lookup, autoSelectFamily: true });
  const allowed = new Set(addresses.map((a) => canonical(a.address)));
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      // What was connected to is compared with what was checked, whatever lies between.
      if (!allowed.has(canonical(socket.remoteAddress ?? ""))) {
        socket.destroy();
        return callback(Object.assign(new Error("connected elsewhere"), { code: "ECONNREFUSED" }), null);
      }
      callback(null, socket);
    });
}

/** One spelling per address: the operating system may report `::ffff:192.0.2.1` or drop zeros. */
function canonical(address: string): string {
  if (isIP(address) !== 6) return address;
  const { hostname } = new URL(`http://[${address.split("%")[0]}]/`);
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname);
  if (!mapped) return hostname;
  const [high, low] = [Number.parseInt(mapped[1] ?? "0", 16), Number.parseInt(mapped[2] ?? "0", 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
