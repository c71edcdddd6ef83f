import "server-only";
import { createHash } from "node:crypto";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { frameAncestors, getWidgetPage, type WidgetPage } from "@/lib/embed";
import { admitStranger } from "./asker";
import { platform } from "./platform";

/** Allowed by its hash: styles in markup are refused otherwise. */
const CSS = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif;background:light-dark(#fff,#17181c);color:light-dark(#1b1d22,#eceef2)}
html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;height:100dvh}
header{flex:none;padding:12px max(16px,env(safe-area-inset-left))}
h1{max-width:720px;margin:0 auto;overflow:hidden;font-size:15px;font-weight:600;text-align:start;text-overflow:ellipsis;white-space:nowrap}
main{flex:1;min-height:0;width:100%;margin:0 auto;box-sizing:border-box}
.share main{max-width:752px;padding:16px 16px max(16px,env(safe-area-inset-bottom))}
.share .notice{display:grid;place-content:center;gap:4px;text-align:center}
.notice p{margin:0;opacity:.75}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:480px){.share main{padding:0}}
`;

/** Where a page with nothing but the chat stands: at an address of its own, or in a frame of a customer's page. */
type Place = "share" | "frame";

/**
 * The page around an agent's chat. Plain markup, because a visitor shall wait for the chat and for nothing else; every value in it is escaped,
 * and its policy lets run what is ours alone.
 */
export async function widgetPage(request: Request, publicId: string, place: Place): Promise<Response> {
  try {
    admitStranger(request.headers);
  } catch (error) {
    if (error instanceof AppError) return notice(error.policy.http, "One moment, please", error.message);
    throw error;
  }
  const page = await getWidgetPage(platform().chat, publicId);
  if (!page || (place === "share" && !page.isShared)) return missing();
  const { APP_URL } = env();
  const { origin, protocol } = new URL(APP_URL);
  const ancestors = place === "frame" ? frameAncestors(page.allowedDomains, origin).join(" ") : "'none'";
  return new Response(markup(publicId, page, place), {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "public, max-age=60",
      "content-security-policy": policy(ancestors),
      "x-content-type-options": "nosniff",
      // An address with an agent's name in it is nobody else's matter.
      "referrer-policy": "strict-origin-when-cross-origin",
      "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
      ...(place === "share" && { "x-frame-options": "DENY" }),
      ...(!(place === "share" && page.isIndexed) && { "x-robots-tag": "noindex" }),
      ...(protocol === "https:" && { "strict-transport-security": "max-age=63072000; includeSubDomains" }),
    },
  });
}

const policy = (ancestors: string, connect = "'self'") =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'sha256-${createHash("sha256").update(CSS).digest("base64")}'`,
    `connect-src ${connect}`,
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors}`,
  ].join("; ");

function markup(publicId: string, page: WidgetPage, place: Place): string {
  const title = page.title || page.name;
  const scheme = page.theme === "auto" ? "light dark" : page.theme;
  // The chat itself says the agent's name: only a title of its own is worth a line.
  const bar =
    place === "share" && page.title
      ? `<header><h1 dir="auto">${escapeHtml(title)}</h1></header>`
      : `<h1 class="sr" dir="auto">${escapeHtml(title)}</h1>`;
  return `<!doctype html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="${scheme}">
<title>${escapeHtml(page.isWhiteLabel ? title : `${title} · AlonChat`)}</title>
<style>${CSS}</style>
</head>
<body class="${place}">
${bar}
<main>
<script async src="/widget/v1/loader.js" data-agent="${escapeHtml(publicId)}" data-color="${escapeHtml(page.accentColor)}" data-mode="inline"></script>
<noscript><p>This chat needs JavaScript. Switch it on in your browser and load the page again.</p></noscript>
</main>
</body>
</html>
`;
}

const missing = (): Response =>
  notice(404, "There is no chat at this address", "The link may be old, or whoever shared it has switched it off.");

const notice = (status: number, title: string, text: string): Response =>
  new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><style>${CSS}</style></head><body class="share"><main class="notice"><h1>${title}</h1><p>${text}</p></main></body></html>`,
    {
      status,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": policy("'none'", "'none'"),
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
      },
    },
  );

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
