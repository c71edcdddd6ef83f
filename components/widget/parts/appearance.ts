import { h } from "../dom";
import { part } from "../part";
import css from "./appearance.css?inline";

/** How an agent looks beyond its name and colour. */
export default part({
  css,
  strings: {},
  mount({ boot: { bubble, host }, config, panel }) {
    const { avatarUrl, launcherText, variables } = config;
    if (avatarUrl) {
      const onload = () => panel.querySelector(".avatar")!.replaceChildren(image);
      const image = h("img", { alt: "", onload, src: avatarUrl });
    }
    const own = variables ?? {};
    for (const [property, value] of Object.entries(own)) host.style.setProperty(property, value);
    panel.classList.toggle("tinted", "--alonchat-surface" in own || "--alonchat-ink" in own);
    if (launcherText) {
      bubble.classList.add("worded");
      bubble.append(h("span", { dir: "auto" }, launcherText));
    }
  },
});
