import type { PageNode } from "./tree";

/** Code as it stands: line elements end lines, line numbers and copy buttons (junk) are left out. */
export function preformattedText(node: PageNode): string {
  const text = codeText(node);
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}

function codeText(node: PageNode): string {
  let text = "";
  for (const child of node.children) {
    if (typeof child === "string") text += child;
    else if (child.tag === "br") text += "\n";
    else if (child.isJunk) continue;
    else if (child.isBlock) {
      const line = codeText(child);
      text += line.endsWith("\n") ? line : `${line}\n`;
    } else text += codeText(child);
  }
  return text;
}

const LANGUAGE_CLASS =
  /(?:^|[\s:;])(?:language|lang|highlight-source|highlight|brush|sourceCode|src)[-:\s]\s*([a-z][\w+#.-]{0,20})/i;
const NOT_A_LANGUAGE = new Set([
  "default",
  "text",
  "plain",
  "plaintext",
  "none",
  "nohighlight",
  "code",
  "block",
  "wrapper",
  "box",
  "container",
  "view",
]);
const BARE_LANGUAGE =
  /^(?:bash|sh|shell|console|python|py|javascript|js|typescript|ts|tsx|jsx|json|yaml|yml|html|xml|css|scss|sql|java|kotlin|swift|go|golang|rust|c|cpp|csharp|php|ruby|perl|r|scala|powershell|dockerfile|toml|ini|diff|graphql|lua)$/;

/** Language of a `pre` from its own, its `code`'s or its wrappers' class or data attributes; "" when nothing says. */
export function codeLanguage(pre: PageNode): string {
  const inner = pre.elements().find((child) => child.tag === "code");
  const outer = pre.parent;
  for (const node of [inner, pre, outer, outer?.parent]) {
    const language = node ? languageOf(node) : "";
    if (language !== "") return language;
  }
  return "";
}

function languageOf({ attributes, tag }: PageNode): string {
  const named = attributes["data-lang"] ?? attributes["data-language"] ?? attributes["data-code-language"];
  if (named) return accepted(named);
  const className = (attributes.class ?? "").slice(0, 400);
  const match = LANGUAGE_CLASS.exec(className);
  if (match?.[1]) return accepted(match[1]);
  if (tag !== "pre" && tag !== "code") return "";
  return (
    className
      .toLowerCase()
      .split(/\s+/)
      .find((word) => BARE_LANGUAGE.test(word)) ?? ""
  );
}

function accepted(name: string): string {
  const language = name.toLowerCase().trim();
  return /^[a-z][\w+#.-]{0,20}$/.test(language) && !NOT_A_LANGUAGE.has(language) ? language : "";
}
