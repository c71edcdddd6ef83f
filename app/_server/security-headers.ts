type Served = { path: string; nonce: string; supabaseUrl: string; https: boolean; development: boolean };

/** Headers of every page and route of the application (not of the widget, which customers' pages load: next.config.ts has those). */
export function securityHeaders(served: Served): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(served),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ...(served.https && { "strict-transport-security": "max-age=63072000; includeSubDomains" }),
  };
}

/**
 * Scripts run by nonce only. Styles may be inline: radix-ui, cmdk and sonner write style elements and attributes, and styles run nothing.
 * Under /admin/queues another program's pages are shown (Bull Board), whose scripts are files of ours without a nonce.
 */
export function contentSecurityPolicy({ path, nonce, supabaseUrl, https, development }: Served): string {
  const supabase = new URL(supabaseUrl);
  const socket = `${supabase.protocol === "https:" ? "wss:" : "ws:"}//${supabase.host}`;
  const scripts = /^\/admin\/queues(\/|$)/.test(path)
    ? ["'self'"]
    : ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])];
  const directives: Record<string, string[]> = {
    "default-src": ["'self'"],
    "script-src": scripts,
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'", supabase.origin, socket],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'", supabase.origin],
    "frame-src": ["'self'"], // the preview of the chat, which is a page of ours
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
    ...(https && { "upgrade-insecure-requests": [] }),
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; ");
}
