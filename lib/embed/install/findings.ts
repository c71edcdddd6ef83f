import { isOriginAllowed } from "@/lib/agents/schema";
import type { InstallFinding } from "../schema";
import { allowsScript, allowsUrl, type Policy, parsePolicies } from "./csp";
import { type FoundSnippet, type ReadPage, readPage } from "./read-page";

/** A page as it was sent, and what it should have. */
export interface PageToCheck {
  requestedUrl: string;
  /** After redirects. */
  url: string;
  html: string;
  /** Of the header `content-security-policy`. */
  policy: string | undefined;
  /** With what of it talks to Supabase: people who take over, over a socket, and files that visitors send. */
  agent: { publicId: string; allowedDomains: string[]; hasPicture: boolean; handover: boolean; attachments: boolean };
  appOrigin: string;
  /** Null where nothing is live and nothing stored. */
  supabaseOrigin: string | null;
  /** When a browser on this host last asked for the widget; null: never in 90 days. */
  lastSeenAt: string | null;
}

/** What is wrong on a page, worst first, each with what to do; at least one finding. */
export function findingsOf(check: PageToCheck): InstallFinding[] {
  const page = new URL(check.url);
  const read = readPage(check.html, page);
  const findings = [...ofAddress(check, page), ...ofSnippets(check, read), ...ofPolicies(check, read, page)];
  const order = { error: 0, warning: 1, ok: 2 };
  return findings.toSorted((a, b) => order[a.level] - order[b.level]);
}

const isLocal = ({ hostname }: URL) => hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";

function* ofAddress({ requestedUrl, agent, appOrigin }: PageToCheck, page: URL): Generator<InstallFinding> {
  const asked = new URL(requestedUrl);
  if (asked.host !== page.host)
    yield {
      id: "redirected",
      level: "warning",
      title: `${asked.host} leads to ${page.host}`,
      fix: `Visitors end up on ${page.host}, so that is the domain that counts. What follows was found there.`,
    };
  if (page.protocol === "http:" && !isLocal(page))
    yield {
      id: "not_https",
      level: "warning",
      title: "The page is not sent over HTTPS",
      fix: "Anybody on the way can read and change it, the chat too. Get a certificate and redirect http:// to https://.",
    };
  if (page.protocol === "https:" && appOrigin.startsWith("http:"))
    yield {
      id: "mixed_content",
      level: "error",
      title: "Browsers block the chat as mixed content",
      fix: `Your page comes over HTTPS and the chat from ${appOrigin} does not. Ask whoever runs this server to serve it over HTTPS.`,
    };
  yield isOriginAllowed(page.origin, agent.allowedDomains)
    ? { id: "domain_allowed", level: "ok", title: `${page.host} is an allowed domain`, fix: "" }
    : {
        id: "domain_not_allowed",
        level: "error",
        title: `${page.host} is not an allowed domain`,
        fix: `The chat goes away on this page. Add ${page.host} under Allowed domains above.`,
      };
}

function* ofSnippets(
  { agent, appOrigin, lastSeenAt }: PageToCheck,
  { snippets, tagManager }: ReadPage,
): Generator<InstallFinding> {
  const live = snippets.filter(({ deadIn }) => deadIn === null);
  const own = live.filter((snippet) => snippet.agent === agent.publicId);
  for (const { deadIn } of snippets.filter((snippet) => snippet.deadIn !== null))
    yield {
      id: "snippet_dead",
      level: "error",
      title: `The snippet stands in <${deadIn}>`,
      fix: `Browsers do not run scripts in there. Move it out, before </body>.`,
    };
  if (live.length === 0) yield missing(tagManager, lastSeenAt);
  const others = live.filter((snippet) => snippet.agent !== agent.publicId);
  if (live.length > 0 && own.length === 0)
    yield {
      id: "other_agent",
      level: "error",
      title: others[0]?.agent ? `The snippet is of another agent, ${others[0].agent}` : "The snippet names no agent",
      fix: `Set data-agent="${agent.publicId}", or copy the snippet above anew.`,
    };
  else if (others.length > 0)
    yield {
      id: "another_too",
      level: "warning",
      title: "There is a snippet of another agent as well",
      fix: "Visitors see two bubbles. Remove the one that you do not want.",
    };
  if (own.length > 1)
    yield {
      id: "snippet_twice",
      level: "warning",
      title: `The snippet is there ${own.length === 2 ? "twice" : `${own.length} times`}`,
      fix: "One is enough: the others do nothing but load. Look into your theme, your tag manager and the page itself.",
    };
  const [snippet] = own;
  if (snippet) yield* ofSnippet(snippet, appOrigin, agent.publicId);
}

function missing(tagManager: string | null, lastSeenAt: string | null): InstallFinding {
  if (lastSeenAt)
    return {
      id: "snippet_by_script",
      level: "ok",
      title: "The snippet is not in the page’s HTML, but browsers load the chat on this domain",
      fix: "A tag manager or a script puts it in, or it is on other pages of the domain.",
    };
  if (tagManager)
    return {
      id: "snippet_maybe_by_script",
      level: "warning",
      title: `The snippet is not in the page’s HTML; ${tagManager} may put it in`,
      fix: "Open the page in a browser and wait until the bubble shows, then check again: this page will know. If it does not show, publish the container.",
    };
  return {
    id: "snippet_missing",
    level: "error",
    title: "The snippet is not on this page",
    fix: "Paste it before </body>. If you did, clear the cache of your site or its CDN and check again.",
  };
}

function* ofSnippet(snippet: FoundSnippet, appOrigin: string, publicId: string): Generator<InstallFinding> {
  const { url } = snippet;
  const before = `Replace the snippet by the one above, with data-agent="${publicId}".`;
  if (url.origin !== appOrigin)
    yield {
      id: "other_server",
      level: "error",
      title: `The snippet loads the chat from ${url.origin}`,
      fix: `This agent lives at ${appOrigin}. ${before}`,
    };
  else if (!/^\/widget\/(?:v1(?:\.[\w-]+)*|beta)\/loader\.js$/.test(url.pathname))
    yield {
      id: "old_loader",
      level: "error",
      title: `The snippet loads ${url.pathname}, which is not the loader`,
      fix: before,
    };
  else yield { id: "snippet_found", level: "ok", title: "The snippet is on the page", fix: "" };
  if (snippet.isModule)
    yield {
      id: "as_module",
      level: "error",
      title: "The snippet is loaded as a module",
      fix: 'The loader cannot read its data-agent then. Remove type="module".',
    };
  else if (!snippet.isAsync)
    yield {
      id: "not_async",
      level: "warning",
      title: "The page waits for the snippet",
      fix: "Add the attribute async, so that the chat loads beside the page and not before it.",
    };
}

function* ofPolicies(
  { policy, agent, appOrigin, supabaseOrigin }: PageToCheck,
  { snippets, policies: metas }: ReadPage,
  page: URL,
): Generator<InstallFinding> {
  const policies = parsePolicies([...(policy ? [policy] : []), ...metas]);
  if (policies.length === 0) return;
  const app = new URL(appOrigin);
  const snippet = snippets.find((one) => one.agent === agent.publicId && one.deadIn === null);
  const script = { url: new URL("/widget/v1/loader.js", app), nonce: null, integrity: null, ...snippet };
  const blocks = (allows: (policy: Policy) => boolean) => policies.some((one) => !allows(one));
  const add = (directive: string) => `Add ${appOrigin} to ${directive} of the Content-Security-Policy.`;
  const problems: InstallFinding[] = [];
  if (blocks((one) => !one.has("sandbox") || (one.get("sandbox") ?? []).includes("allow-scripts")))
    problems.push({
      id: "csp_sandbox",
      level: "error",
      title: "The page’s Content Security Policy runs no scripts at all",
      fix: "Its sandbox has no allow-scripts. Add it, or leave the chat off this page.",
    });
  if (blocks((one) => allowsScript(one, script, page))) {
    const strict = policies.some((one) =>
      ["script-src-elem", "script-src", "default-src"].some((name) => one.get(name)?.includes("'strict-dynamic'")),
    );
    problems.push({
      id: "csp_script",
      level: "error",
      title: "The page’s Content Security Policy blocks the script",
      fix: strict
        ? "It lets only scripts with its nonce run ('strict-dynamic'). Give the snippet the same nonce attribute that your other scripts have."
        : add("script-src"),
    });
  }
  if (blocks((one) => allowsUrl(one, ["connect-src", "default-src"], new URL("/api/widget/v1/", app), page)))
    problems.push({
      id: "csp_connect",
      level: "error",
      title: "The page’s Content Security Policy blocks the chat’s requests",
      fix: add("connect-src"),
    });
  const ofParts = !supabaseOrigin
    ? []
    : [
        ...(agent.handover ? [supabaseOrigin.replace(/^http/, "ws")] : []),
        ...(agent.attachments ? [supabaseOrigin] : []),
      ].filter((origin) => blocks((one) => allowsUrl(one, ["connect-src", "default-src"], new URL(origin), page)));
  if (ofParts.length > 0)
    problems.push({
      id: "csp_live",
      level: "warning",
      title: "The page’s Content Security Policy blocks live messages or files",
      fix: `Add ${ofParts.join(" and ")} to connect-src of the Content-Security-Policy. Without it a person’s messages come up to four seconds late, and visitors cannot send files.`,
    });
  if (
    agent.hasPicture &&
    blocks((one) => allowsUrl(one, ["img-src", "default-src"], new URL("/api/widget/v1/", app), page))
  )
    problems.push({
      id: "csp_image",
      level: "warning",
      title: "The page’s Content Security Policy blocks the agent’s picture",
      fix: add("img-src"),
    });
  if (problems.length > 0) yield* problems;
  else yield { id: "csp_ok", level: "ok", title: "The page’s Content Security Policy lets the chat work", fix: "" };
}
