import "server-only";
import { env } from "@/lib/core/env";
import { createPlatform, type Platform } from "@/lib/platform";

// Kept on globalThis: the development server loads this module anew after each change, and each load would open another pool.
const kept = globalThis as { alonchatPlatform?: Platform };

/** What this web process holds open: pool, models, queue. */
export function platform(): Platform {
  kept.alonchatPlatform ??= createPlatform(env());
  return kept.alonchatPlatform;
}
