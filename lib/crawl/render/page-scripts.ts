/**
 * Runs in the page before its own scripts and takes away what a reader does not need. Convenience, not protection: what a page
 * gets hold of in spite of it finds no network (browser.ts).
 */
export const BEFORE_PAGE = `(() => {
  const nothing = () => {};
  for (const name of ["alert", "print", "stop"]) window[name] = nothing;
  window.confirm = () => false;
  window.prompt = () => null;
  window.open = () => null;
  for (const name of Object.keys(console)) if (typeof console[name] === "function") console[name] = nothing;
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebTransport", "SharedWorker"]) delete window[name];
  window.Worker = class extends EventTarget {
    constructor() { super(); setTimeout(() => { const event = new Event("error"); this.onerror?.(event); this.dispatchEvent(event); }); }
    postMessage() {}
    terminate() {}
  };
  navigator.sendBeacon = () => true;
})()`;

/** What the two below run in sees the page's document and none of its scripts' changes to JavaScript itself. */
export const MEASURE = `(() => {
  const text = document.body?.innerText ?? "";
  return {
    isParsed: document.readyState !== "loading",
    size: document.getElementsByTagName("*").length + text.length,
    words: text.slice(0, 4000).split(/\\s+/).filter(Boolean).length,
  };
})()`;

export interface Measure {
  isParsed: boolean;
  size: number;
  words: number;
}

/** The document as HTML. The content of open shadow roots takes the place where it is seen; scripts that have run are left out. */
export const serialize = (maxChars: number): string => `(() => {
  const flatten = (root) => {
    for (const element of [...root.querySelectorAll("*")]) {
      const shadow = element.shadowRoot;
      if (!shadow) continue;
      for (const slot of shadow.querySelectorAll("slot")) {
        const assigned = slot.assignedNodes();
        slot.replaceWith(...(assigned.length > 0 ? assigned : slot.childNodes));
      }
      flatten(shadow);
      element.replaceChildren(...shadow.childNodes);
    }
  };
  const address = location.href;
  flatten(document);
  for (const element of document.querySelectorAll('script:not([type="application/ld+json"]), style, noscript')) element.remove();
  const html = document.documentElement?.outerHTML ?? "";
  return { address, html: "<!doctype html>" + html.slice(0, ${maxChars}) };
})()`;

export interface Serialized {
  address: string;
  html: string;
}
