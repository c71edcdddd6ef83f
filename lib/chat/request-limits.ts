import { rateLimited } from "@/lib/core/errors";
import { RateLimit } from "@/lib/core/rate-limit";

const VISITOR_PER_MINUTE = 300;
const NETWORK_PER_MINUTE = 3_000;

/**
 * How often anything at all may be asked by one visitor, and from one network: reads, a message again, a rating, a page of the chat. Wider than honest
 * visitors need, a university behind one address too, and counted in this process, so that it costs no statement. What is dear is counted once
 * more, more strictly, in the database: questions by `begin_turn`, forms and files by their functions.
 */
export class RequestLimits {
  private readonly visitors: RateLimit;
  private readonly networks: RateLimit;

  constructor({ visitorPerMinute = VISITOR_PER_MINUTE, networkPerMinute = NETWORK_PER_MINUTE } = {}) {
    this.visitors = new RateLimit(visitorPerMinute);
    this.networks = new RateLimit(networkPerMinute);
  }

  /**
   * @param asker hashes; null for what is not known. A visitor who is refused takes nothing from their network
   * @throws AppError rate_limited
   */
  admit({ visitorHash, addressHash }: { visitorHash: string | null; addressHash: string | null }): void {
    const waitMs =
      (visitorHash !== null && this.visitors.take(visitorHash)) ||
      (addressHash !== null && this.networks.take(addressHash)) ||
      0;
    if (waitMs > 0) throw rateLimited("requests", waitMs);
  }
}
