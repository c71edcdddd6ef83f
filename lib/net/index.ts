export { isPublicAddress, type ResolvedAddress } from "./addresses";
export { type CheckOptions, checkUrl, type UrlCheck } from "./check-url";
export { clientNetwork } from "./client-network";
export { closeConnections } from "./connections";
export { type FetchProblemKind, fetchProblem } from "./errors";
export { isAllowedHost } from "./hosts";
export type { Lookup } from "./lookup";
export { retryAfterMs } from "./retry-after";
export { type FetchOptions, type FetchResult, safeFetch } from "./safe-fetch";
