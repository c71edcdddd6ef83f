import "server-only";
import { hashOfAddress } from "@/lib/chat";
import { platform } from "./platform";

/** The network address of who asks, as whoever serves this wrote it: Vercel, or deploy/server.ts. Null where that is not known. */
export const askerAddress = (headers: Headers): string | null =>
  headers.get("x-forwarded-for")?.split(",")[0]?.trim() || null;

/** Counts what a stranger asks beside the widget's API, together with what is asked there. @throws AppError rate_limited */
export function admitStranger(headers: Headers): void {
  platform().chat.requests?.admit({ visitorHash: null, addressHash: hashOfAddress(askerAddress(headers)) });
}
