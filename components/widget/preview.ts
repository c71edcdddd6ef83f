/**
 * The real widget on a page of its own, for the dashboard and the home page: the page around the frame sends what to show, and that
 * stands in for the server. The page is sandboxed (see next.config.ts) and reaches nothing.
 */
import type { AgentConfig, StoredMessage } from "./protocol";

export interface Shown {
  /** Not "config": the build shortens that name, and the page around does not. */
  agent: AgentConfig;
  /** A conversation that was held; none shows the welcome. */
  messages: StoredMessage[];
}

let shown: Shown;
let drawing = false;
let newer = false;

window.fetch = async (input) => Response.json(String(input).endsWith("/config") ? shown.agent : shown);
// Shown, but never the focus: that belongs to the page around.
HTMLDialogElement.prototype.showModal = HTMLDialogElement.prototype.show = function () {
  this.open = true;
};

function draw(): void {
  newer = drawing;
  if (drawing) return;
  drawing = true;
  const { agentId } = shown.agent;
  const remembered = shown.messages.length ? { visitor: "0", conversation: "0" } : {};
  Object.defineProperty(window, "localStorage", {
    configurable: true,
    value: { [`alonchat:${agentId}`]: JSON.stringify(remembered) },
  });
  window.alonchat?.("destroy");
  const drawn = () => {
    drawing = false;
    if (newer) draw();
  };
  window.alonchat = Object.assign(() => {}, { q: [["on", "ready", drawn], ["open"]] });
  const script = document.createElement("script");
  script.src = "v1/loader.js";
  script.dataset.agent = agentId;
  document.body.append(script);
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  shown = data;
  draw();
});
