/** Properties that take markup, styles or scripts as a string cannot be given: children are nodes or text. */
type Props<Element> = Omit<Partial<Element>, "innerHTML" | "outerHTML" | "innerText" | "style" | "children">;

/** Makes an element with a class name, or with these properties (not attributes), and children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props?: string | Props<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), typeof props === "string" ? { className: props } : props);
  element.append(...children);
  return element;
}

/** Outlines on a 24 px grid. */
const PATHS = {
  close: "M18 6 6 18M6 6l12 12",
  send: "M12 19V5m-7 7 7-7 7 7",
  stop: "M6 6h12v12H6Z",
};

/** Makes `button` show an icon, by its name or its outline, and say `label`. */
export function setIcon(
  button: HTMLButtonElement,
  icon: keyof typeof PATHS | `M${string}`,
  label: string,
): HTMLButtonElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS(svg.namespaceURI, "path") as SVGPathElement;
  path.setAttribute("d", PATHS[icon as "close"] ?? icon);
  svg.append(path);
  button.replaceChildren(svg);
  button.ariaLabel = button.title = label;
  return button;
}

export const textButton = (label: string, onclick: () => void, className = "pill"): HTMLButtonElement =>
  h("button", { type: "button", className, onclick }, label);

/** Styles for this shadow tree, without an inline style that a strict page would refuse. */
export function addStyles(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}

/** A module that is imported from there after this runs only if it hashes to `integrity`: `import()` itself cannot say so. */
export function vouchFor(href: string, integrity: string): void {
  document.head.append(h("link", { rel: "modulepreload", href, integrity }));
}
