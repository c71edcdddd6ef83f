/**
 * The script of the snippet. It draws the bubble when the page is idle and fetches the widget when a visitor shows the
 * first sign of interest, or at once when a conversation was left open. Nothing else: no request, no storage, no style
 * on the page. Kept under 1 KB gzip, hence terse.
 */
import css from "./loader.css?inline";
import type { AlonChat, Boot, Command } from "./types";

/** Put in by the build: the file name of the widget that belongs to this loader. */
declare const WIDGET_FILE: string;

const start = (script: HTMLScriptElement, stub?: AlonChat) => {
  const { agent = "", color = "" } = script.dataset;
  const host = document.createElement("alonchat-widget");
  const root = host.attachShadow({ mode: "open" });
  const bubble = document.createElement("button");
  const sheet = new CSSStyleSheet();
  const queue = [...(stub?.q ?? [])];
  const boot: Boot = { agentId: agent, origin: new URL(script.src).origin, host, root, bubble, queue };
  let remembered: { open?: boolean; accent?: string } = {};
  let loading = false;
  let attempt = "";

  const draw = () => {
    if (!document.body) setTimeout(draw, 50);
    else if (!host.isConnected) document.body.append(host);
  };
  const load = () => {
    draw();
    if (loading) return;
    loading = true;
    import(new URL(WIDGET_FILE + attempt, script.src).href).then(
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
  root.append(bubble);
  bubble.className = "bubble";
  bubble.ariaLabel = "Open chat";
  host.style.setProperty("--color", remembered.accent ?? color);
  bubble.onpointerenter = bubble.onfocus = load;
  bubble.onclick = () => api("toggle");
  api.boot = boot;
  window.alonchat = api;
  if (remembered.open || queue[0]) load();
  else (window.requestIdleCallback ?? setTimeout)(draw);
};

// A second snippet on the same page does nothing.
if (!window.alonchat?.boot) start(document.currentScript as HTMLScriptElement, window.alonchat);
