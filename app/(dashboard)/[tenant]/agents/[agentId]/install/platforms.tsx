import type { ReactNode } from "react";
import { CodeBlock } from "@/components/code-block";

type Told = { appUrl: string; publicId: string; color: string };

/** The same line for the places that people put it in. */
export function Platforms({ appUrl, publicId, color }: Told) {
  const loader = new URL("/widget/v1/loader.js", appUrl).href;
  const tag = `<script async src="${loader}" data-agent="${publicId}" data-color="${color}"></script>`;
  const next = `import Script from "next/script";

// in app/layout.tsx, inside <body>
<Script src="${loader}" data-agent="${publicId}" data-color="${color}" strategy="lazyOnload" />`;
  const react = `import { useEffect } from "react";

export function Chat() {
  useEffect(() => {
    const script = Object.assign(document.createElement("script"), { async: true, src: "${loader}" });
    Object.assign(script.dataset, { agent: "${publicId}", color: "${color}" });
    document.body.append(script);
    return () => {
      window.alonchat?.("destroy");
      script.remove();
    };
  }, []);
  return null;
}`;
  // Tag Manager drops attributes of script tags that it does not know: the element is made by hand.
  const tagManager = `<script>
  var chat = document.createElement("script");
  chat.async = true;
  chat.src = "${loader}";
  chat.dataset.agent = "${publicId}";
  chat.dataset.color = "${color}";
  document.body.appendChild(chat);
</script>`;
  return (
    <div className="grid gap-2 *:min-w-0">
      <Platform name="Plain HTML" code={tag}>
        Paste it before <Code>{"</body>"}</Code> of every page, or into the template that all pages share.
      </Platform>
      <Platform name="Google Tag Manager" code={tagManager}>
        New tag, Custom HTML, trigger “All Pages”. Tag Manager drops data attributes from script tags, so it is written
        out. Publish the container.
      </Platform>
      <Platform name="WordPress" code={tag}>
        Appearance, Theme File Editor, <Code>footer.php</Code>: paste it before <Code>{"<?php wp_footer(); ?>"}</Code>.
        Or install a plugin for header and footer code and paste it into the footer. Then clear the cache.
      </Platform>
      <Platform name="Shopify" code={tag}>
        Online Store, Themes, “…”, Edit code, <Code>layout/theme.liquid</Code>: paste it before <Code>{"</body>"}</Code>{" "}
        and save.
      </Platform>
      <Platform name="Next.js" code={next}>
        In the root layout, so that it stays while people move through the site.
      </Platform>
      <Platform name="React" code={react}>
        A component that comes and goes with your app; put it once, near the root.
      </Platform>
    </div>
  );
}

const Code = ({ children }: { children: string }) => <code className="font-mono text-xs">{children}</code>;

const Platform = ({ name, code, children }: { name: string; code: string; children: ReactNode }) => (
  <details className="rounded-lg border border-line">
    <summary className="cursor-pointer rounded-lg px-3 py-2.5 text-sm font-medium">{name}</summary>
    <div className="grid gap-3 *:min-w-0 border-t border-line p-3">
      <p className="max-w-[68ch] text-ink-muted">{children}</p>
      <CodeBlock code={code} label={`Copy code for ${name}`} />
    </div>
  </details>
);
