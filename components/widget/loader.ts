/**
 * The script of the snippet. It draws the bubble when the page is idle and fetches the widget when a visitor shows the
 * first sign of interest, or at once when a conversation was left open. Nothing else: no request, no storage, no style
 * on the page. Kept under 1 KB gzip, hence terse.
 */
import { vouchFor } from "./dom";
import css from "./loader.css?inline";
import type { Remembered } from "./store";
import type { AlonChat, Boot, Command } from "./types";

/** Put in by the build: the file name of the widget that belongs to this loader. */
declare const WIDGET_FILE: string;
/** Of a pinned version, else empty. */
declare const WIDGET_INTEGRITY: string;

const start = (script: HTMLScriptElement, page?: AlonChat) => {
  const options = script.dataset;
  const { agent = "", color = "#0f6b5c", mode, position, label = "Open chat" } = options;
  const agents = page?.agents ?? {};
  // A second snippet of an agent on the same page does nothing.
  if (agents[agent]) return;
  const host = document.createElement("alonchat-widget");
  const root = host.attachShadow({ mode: "open" });
  const bubble = document.createElement("button");
  const sheet = new CSSStyleSheet();
  const queue = [...(page?.q ?? [])];
  const boot: Boot = { agentId: agent, origin: new URL(script.src).origin, host, root, bubble, options, queue };
  let remembered: Remembered = {};
  let loading = false;
  let attempt = "";

  const draw = () => {
    if (!document.body) setTimeout(draw, 50);
    else if (!host.isConnected) mode ? script.after(host) : document.body.append(host);
  };
  const load = () => {
    draw();
    if (loading) return;
    loading = true;
    const { href } = new URL(WIDGET_FILE + attempt, script.src);
    if (WIDGET_INTEGRITY) vouchFor(href, WIDGET_INTEGRITY);
    import(href).then(
      ({ mount }) => mount(boot),
      () => {
        // With another fragment a module that could not be fetched is asked for again.
        attempt += "#";
        loading = false;
      },
    );
  };
  const api: AlonChat = (...command: Command) => {
    if (boot.run) boot.run(...command);
    else {
      queue.push(command);
      load();
    }
  };

  try {
    remembered = { ...JSON.parse(localStorage[`alonchat:${agent}`]) };
  } catch {}
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  if (!mode) root.append(bubble);
  bubble.className = "bubble";
  bubble.ariaLabel = label;
  host.className = mode ?? position ?? remembered.side ?? "";
  host.style.setProperty("--color", remembered.accent ?? color);
  bubble.onpointerenter = bubble.onfocus = load;
  bubble.onclick = () => api("toggle");
  api.boot = boot;
  api.agents = agents;
  agents[agent] = api;
  window.alonchat = page?.boot ? page : api;
  if (remembered.open || queue[0] || mode) load();
  else (window.requestIdleCallback ?? setTimeout)(options.load || remembered.live ? load : draw);
};

start(document.currentScript as HTMLScriptElement, window.alonchat);
