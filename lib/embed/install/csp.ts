/** A Content Security Policy: its directives by name. */
export type Policy = Map<string, string[]>;

/** Policies of header values and meta elements; each has to allow a thing for itself. Of a directive given twice the first counts. */
export function parsePolicies(values: readonly string[]): Policy[] {
  return values
    .flatMap((value) => value.split(","))
    .map((policy) => {
      const directives: Policy = new Map();
      for (const part of policy.split(";")) {
        const [name, ...sources] = part.trim().split(/\s+/);
        if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
      }
      return directives;
    })
    .filter((directives) => directives.size > 0);
}

/** The directive that decides: the first of these that is there. Null: nothing is restricted. */
export function deciding(policy: Policy, names: readonly string[]): { name: string; sources: string[] } | null {
  for (const name of names) {
    const sources = policy.get(name);
    if (sources) return { name, sources };
  }
  return null;
}

const SCRIPT = ["script-src-elem", "script-src", "default-src"] as const;

/** A script element as the policy sees it. */
export interface ScriptElement {
  url: URL;
  nonce: string | null;
  /** As in the attribute; hashes in it may be listed by the policy. */
  integrity: string | null;
}

/** Whether a policy lets an external script run that stands in the page's own markup. */
export function allowsScript(policy: Policy, script: ScriptElement, page: URL): boolean {
  const found = deciding(policy, SCRIPT);
  if (!found) return true;
  const { sources } = found;
  if (script.nonce && sources.includes(`'nonce-${script.nonce}'`)) return true;
  const hashes = script.integrity?.split(/\s+/).filter(Boolean) ?? [];
  if (hashes.length > 0 && hashes.every((hash) => sources.includes(`'${hash}'`))) return true;
  // With it the list of hosts counts for nothing.
  if (sources.some((source) => source.toLowerCase() === "'strict-dynamic'")) return false;
  return matchesAny(sources, script.url, page);
}

/** Whether a policy lets a page fetch, or show, what is at an address. */
export function allowsUrl(policy: Policy, names: readonly string[], url: URL, page: URL): boolean {
  const found = deciding(policy, names);
  return !found || matchesAny(found.sources, url, page);
}

const matchesAny = (sources: readonly string[], url: URL, page: URL): boolean =>
  sources.some((source) => matches(source.toLowerCase() === "'self'" ? page.origin : source, url, page));

const HOST_SOURCE = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^/:*?#\s]+)(?::(\d+|\*))?(\/[^?#]*)?$/i;
const DEFAULT_PORTS: Record<string, string> = { "http:": "80", "https:": "443" };

/** Whether a source expression covers an address (CSP 3, 6.7.2). */
function matches(source: string, url: URL, page: URL): boolean {
  if (source === "*") return /^(https?|wss?):$/.test(url.protocol) || url.protocol === page.protocol;
  if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return schemeCovers(source.toLowerCase(), url.protocol);
  const [, scheme, host, port, path] = HOST_SOURCE.exec(source) ?? [];
  if (!host || source.startsWith("'")) return false;
  if (!schemeCovers(scheme ? `${scheme.toLowerCase()}:` : page.protocol, url.protocol)) return false;
  const name = host.toLowerCase();
  if (name !== "*" && !(name.startsWith("*.") ? url.hostname.endsWith(name.slice(1)) : name === url.hostname))
    return false;
  return portCovers(port, url) && pathCovers(path, url.pathname);
}

/** `http:` means `https:` as well: a page that was moved to TLS keeps working. */
const schemeCovers = (listed: string, actual: string): boolean =>
  listed === actual || (listed === "http:" && actual === "https:");

function portCovers(port: string | undefined, url: URL): boolean {
  if (port === "*") return true;
  const actual = url.port || DEFAULT_PORTS[url.protocol];
  if (port === undefined) return url.port === "" || actual === DEFAULT_PORTS[url.protocol];
  return port === actual || (port === "80" && actual === "443");
}

/** A path that ends with a slash covers all below it; another is meant to the letter. */
function pathCovers(path: string | undefined, actual: string): boolean {
  if (!path || path === "/") return true;
  return path.endsWith("/") ? actual.startsWith(path) : actual === path;
}
