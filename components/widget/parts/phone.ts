import { part } from "../part";
import css from "./phone.css?inline";

/** On a small screen the panel fills it, and stays above the on-screen keyboard. */
export default part({
  css,
  strings: {},
  mount({ panel, signal }) {
    const view = window.visualViewport;
    const fit = () => {
      if (!view || view.scale > 1) return;
      panel.style.setProperty("--height", `${view.height}px`);
      panel.style.setProperty("--top", `${view.offsetTop}px`);
    };
    view?.addEventListener("resize", fit, { signal });
    view?.addEventListener("scroll", fit, { signal });
    return fit;
  },
});
