/** A path of our own to go to after signing in, or null: never another origin (`//evil.test`, `/\evil.test`, `https:…`). */
export function safeNext(value: unknown): string | null {
  if (typeof value !== "string" || !value.startsWith("/") || value.length > 2_000) return null;
  const url = URL.canParse(value, "http://own.invalid") ? new URL(value, "http://own.invalid") : null;
  if (url?.origin !== "http://own.invalid") return null;
  return `${url.pathname}${url.search}`;
}

const PUBLIC_SEGMENTS = new Set([
  "",
  "admin",
  "api",
  "auth",
  "chat",
  "embed",
  "health",
  "reset-password",
  "sign-in",
  "sign-up",
  "widget",
]);

/** Whether a path may be asked for without a session. `admin`, `api` and `update-password` check for themselves. */
export const isPublicPath = (path: string): boolean => PUBLIC_SEGMENTS.has(path.split("/")[1] ?? "");
