import { Parser } from "htmlparser2";

/** A snippet as it stands in the markup. */
export interface FoundSnippet {
  url: URL;
  agent: string | null;
  /** `async` or `defer`: the page does not wait for it. */
  isAsync: boolean;
  isModule: boolean;
  nonce: string | null;
  integrity: string | null;
  /** In an element whose scripts no browser runs. */
  deadIn: "noscript" | "template" | null;
}

export interface ReadPage {
  snippets: FoundSnippet[];
  /** Policies of meta elements. */
  policies: string[];
  /** Something that may put the snippet in by script. */
  tagManager: string | null;
}

const TAG_MANAGERS: readonly [RegExp, string][] = [
  [/googletagmanager\.com\/gtm\.js|\bGTM-[A-Z0-9]{4,}/, "Google Tag Manager"],
  [/assets\.adobedtm\.com/, "Adobe Launch"],
  [/tags\.tiqcdn\.com/, "Tealium"],
];
const LOADER = /\/widget\/(?:[\w.-]+\/)?loader\.js$/;

/** What a page's markup says about the widget. Reads what browsers are sent, not what scripts make of it later. */
export function readPage(html: string, address: URL): ReadPage {
  const page: ReadPage = { snippets: [], policies: [], tagManager: null };
  let base = address;
  const dead: ("noscript" | "template")[] = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === "noscript" || name === "template") dead.push(name);
      if (name === "base" && attributes.href) base = URL.parse(attributes.href, address) ?? base;
      if (name === "meta" && attributes["http-equiv"]?.toLowerCase() === "content-security-policy")
        page.policies.push(attributes.content ?? "");
      if (name !== "script") return;
      const url = attributes.src ? URL.parse(attributes.src, base) : null;
      const agent = attributes["data-agent"] ?? null;
      if (!url || !(LOADER.test(url.pathname) || agent?.startsWith("ag_"))) return;
      page.snippets.push({
        url,
        agent,
        isAsync: "async" in attributes || "defer" in attributes,
        isModule: attributes.type?.toLowerCase() === "module",
        nonce: attributes.nonce || null,
        integrity: attributes.integrity || null,
        deadIn: dead.at(-1) ?? null,
      });
    },
    onclosetag(name) {
      if (name === dead.at(-1)) dead.pop();
    },
  });
  parser.end(html);
  page.tagManager = TAG_MANAGERS.find(([pattern]) => pattern.test(html))?.[1] ?? null;
  return page;
}
