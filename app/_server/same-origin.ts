import { AppError } from "@/lib/core/errors";

/**
 * Refuses requests that a page of another origin made. Browsers say where a request comes from; SameSite=Lax cookies alone would leave
 * subdomains of the same site.
 * @throws AppError "forbidden"
 */
export function refuseOtherOrigins(headers: Headers, appUrl: string): void {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const own = new Set([new URL(appUrl).host, headers.get("host")]);
  const crossSite = site !== null && site !== "same-origin" && site !== "none";
  const otherOrigin = origin !== null && !(URL.canParse(origin) && own.has(new URL(origin).host));
  if (crossSite || otherOrigin) throw new AppError("forbidden", "This address answers the dashboard's own pages only.");
}
