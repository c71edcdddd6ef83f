import "server-only";
import { headers } from "next/headers";
import { newId } from "@/lib/core/ids";

/** The id that proxy.ts gave this request; it stands in logs, in error bodies and on error pages. */
export async function requestId(): Promise<string> {
  return (await headers()).get("x-request-id") ?? newId();
}
