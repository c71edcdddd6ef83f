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
  compose: "M12 3H4v17h17v-8M19 2l3 3-10 10-4 1 1-4Z",
  send: "M12 19V5m-7 7 7-7 7 7",
  stop: "M6 6h12v12H6Z",
};

type IconName = keyof typeof PATHS;

/** Makes `button` show an icon and say `label`. */
export function setIcon(button: HTMLButtonElement, name: IconName, label: string): HTMLButtonElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS(svg.namespaceURI, "path") as SVGPathElement;
  svg.setAttribute("viewBox", "0 0 24 24");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  button.replaceChildren(svg);
  button.ariaLabel = button.title = label;
  return button;
}

export const textButton = (label: string, onclick: () => void, className = "pill"): HTMLButtonElement =>
  h("button", { type: "button", className, onclick }, label);
